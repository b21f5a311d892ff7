// SHA-256 (FIPS 180-4) piece by piece: the browser's own counts only what lies in memory whole.

const K = new Uint32Array(64);
const START = new Uint32Array(8);

// The constants are the first bits of the fractions of roots of primes, as the standard says.
(function constants() {
  const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32);
  let found = 0;
  for (let number = 2; found < 64; number += 1) {
    let isPrime = true;
    for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) isPrime = false;
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(number));
    K[found] = fraction(Math.cbrt(number));
    found += 1;
  }
}());

export class Sha256 {
  constructor() {
    this.hash = START.slice();
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.size = 0;
    this.schedule = new Int32Array(64);
  }

  update(bytes) {
    let offset = 0;
    this.size += bytes.length;
    if (this.held) {
      const taken = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, taken), this.held);
      this.held += taken;
      offset = taken;
      if (this.held < 64) return this;
      this.#block(this.rest, 0);
      this.held = 0;
    }
    for (; offset + 64 <= bytes.length; offset += 64) this.#block(bytes, offset);
    this.rest.set(bytes.subarray(offset));
    this.held = bytes.length - offset;
    return this;
  }

  // Ends the counting: the object is of no use afterwards.
  hex() {
    const bits = this.size * 8;
    const tail = new Uint8Array(this.held < 56 ? 64 : 128);
    tail.set(this.rest.subarray(0, this.held));
    tail[this.held] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(tail.length - 4, bits >>> 0);
    for (let offset = 0; offset < tail.length; offset += 64) this.#block(tail, offset);
    return Array.from(this.hash, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  #block(bytes, offset) {
    const w = this.schedule;
    for (let i = 0, at = offset; i < 16; i += 1, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.hash;
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => { this.hash[index] += word; });
  }
}
