// As much of DER (X.690) as a signature and a certificate need: building by nesting, reading by walking.

const UTF8 = new TextEncoder();
export const SEQUENCE = 0x30;
export const SET = 0x31;

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) { whole.set(part, offset); offset += part.length; }
  return whole;
}

function length(size) {
  if (size < 128) return [size];
  const bytes = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [128 | bytes.length, ...bytes];
}

export function tagged(tag, ...parts) {
  const body = concat(...parts);
  return concat(Uint8Array.from([tag, ...length(body.length)]), body);
}

export const sequence = (...parts) => tagged(SEQUENCE, ...parts);
export const octets = (bytes) => tagged(0x04, bytes);
export const bits = (bytes) => tagged(0x03, Uint8Array.of(0), bytes);

// The members of a SET OF stand in the order of their bytes.
export function set(...parts) {
  return tagged(SET, ...[...parts].sort(compare));
}

function compare(one, two) {
  const shared = Math.min(one.length, two.length);
  for (let index = 0; index < shared; index += 1) if (one[index] !== two[index]) return one[index] - two[index];
  return one.length - two.length;
}

// A whole number without a sign, from its bytes.
export function integer(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const body = bytes.subarray(start);
  return tagged(0x02, body[0] & 128 ? Uint8Array.of(0) : new Uint8Array(0), body);
}

export function identifier(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(BigInt);
  const bytes = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const group = [Number(arc & 127n)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) group.unshift(Number(left & 127n) | 128);
    bytes.push(...group);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

// UTCTime until 2049, GeneralizedTime from 2050 (RFC 5652, 11.3).
export function time(date) {
  const text = `${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`;
  return date.getUTCFullYear() < 2050 ? tagged(0x17, UTF8.encode(text.slice(2))) : tagged(0x18, UTF8.encode(text));
}

export const utf8 = (text) => tagged(0x0c, UTF8.encode(text));

// --- Reading ------------------------------------------------------------------------------------------------

export class Node {
  constructor(bytes, offset = 0) {
    if (offset + 2 > bytes.length) throw new RangeError("DER ends too early");
    this.tag = bytes[offset];
    let size = bytes[offset + 1];
    let start = offset + 2;
    if (size & 128) {
      const count = size & 127;
      if (count === 0 || count > 4) throw new RangeError("a length DER does not have");
      size = 0;
      for (let index = 0; index < count; index += 1) size = size * 256 + bytes[start + index];
      start += count;
    }
    this.end = start + size;
    if (this.end > bytes.length) throw new RangeError("DER ends too early");
    this.content = bytes.subarray(start, this.end);
    this.raw = bytes.subarray(offset, this.end);
  }

  get children() {
    const found = [];
    for (let offset = 0; offset < this.content.length;) {
      const node = new Node(this.content, offset);
      found.push(node);
      offset = node.end;
    }
    return found;
  }

  get identifier() {
    const arcs = [];
    let arc = 0n;
    for (const byte of this.content) {
      arc = (arc << 7n) | BigInt(byte & 127);
      if (byte & 128) continue;
      if (arcs.length) arcs.push(arc);
      else arcs.push(...(arc < 80n ? [arc / 40n, arc % 40n] : [2n, arc - 80n]));
      arc = 0n;
    }
    return arcs.join(".");
  }

  get text() {
    if (this.tag === 0x1e) return new TextDecoder("utf-16be").decode(this.content);
    return new TextDecoder("utf-8").decode(this.content);
  }

  get date() {
    const text = this.text;
    const full = this.tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
    const [, y, mo, d, h, mi, s] = full.match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?/) || [];
    return new Date(Date.UTC(y, mo - 1, d, h, mi, s || 0));
  }
}

// --- Base64, in pieces: a large file must not become one call with a million arguments -------------------

export function toBase64(bytes) {
  const pieces = [];
  for (let offset = 0; offset < bytes.length; offset += 0x6000) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(offset, offset + 0x6000))));
  }
  return pieces.join("");
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text.replace(/\s+/g, "")), (char) => char.charCodeAt(0));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
