// Streebog (ГОСТ Р 34.11-2012, RFC 6986) in plain script, byte by byte as it arrives.
// A block is sixteen 32-bit words, the lowest first: that is the order of the bytes of a file.

const PI = new Uint8Array([
  252, 238, 221, 17, 207, 110, 49, 22, 251, 196, 250, 218, 35, 197, 4, 77,
  233, 119, 240, 219, 147, 46, 153, 186, 23, 54, 241, 187, 20, 205, 95, 193,
  249, 24, 101, 90, 226, 92, 239, 33, 129, 28, 60, 66, 139, 1, 142, 79,
  5, 132, 2, 174, 227, 106, 143, 160, 6, 11, 237, 152, 127, 212, 211, 31,
  235, 52, 44, 81, 234, 200, 72, 171, 242, 42, 104, 162, 253, 58, 206, 204,
  181, 112, 14, 86, 8, 12, 118, 18, 191, 114, 19, 71, 156, 183, 93, 135,
  21, 161, 150, 41, 16, 123, 154, 199, 243, 145, 120, 111, 157, 158, 178, 177,
  50, 117, 25, 61, 255, 53, 138, 126, 109, 84, 198, 128, 195, 189, 13, 87,
  223, 245, 36, 169, 62, 168, 67, 201, 215, 121, 214, 246, 124, 34, 185, 3,
  224, 15, 236, 222, 122, 148, 176, 188, 220, 232, 40, 80, 78, 51, 10, 74,
  167, 151, 96, 115, 30, 0, 98, 68, 26, 184, 56, 130, 100, 159, 38, 65,
  173, 69, 70, 146, 39, 94, 85, 47, 140, 163, 165, 125, 105, 213, 149, 59,
  7, 88, 179, 64, 134, 172, 29, 247, 48, 55, 107, 228, 136, 217, 231, 137,
  225, 27, 131, 73, 76, 63, 248, 254, 141, 83, 170, 144, 202, 216, 133, 97,
  32, 113, 103, 164, 45, 43, 9, 91, 203, 155, 37, 208, 190, 229, 108, 82,
  89, 166, 116, 210, 230, 244, 180, 192, 209, 102, 175, 194, 57, 75, 99, 182,
]);

// The linear map: for byte j of a word, the images of its eight bits, lowest bit first.
const ROWS = [
  "641c314b2b8ee083 c83862965601dd1b 8d70c431ac02a736 07e095624504536c 0edd37c48a08a6d8 1ca76e95091051ad 3853dc371220a247 70a6a56e2440598e",
  "a48b474f9ef5dc18 550b8e9e21f7a530 aa16012142f35760 492c024284fbaec0 9258048415eb419d 39b008152acb8227 727d102a548b194e e4fa2054a80b329c",
  "f97d86d98a327728 effa11af0964ee50 c3e9224312c8c1a0 9bcf4486248d9f5d 2b838811480723ba 561b0d22900e4669 ac361a443d1c8cd2 456c34887a3805b9",
  "5b068c651810a89e b60c05ca30204d21 71180a8960409a42 e230140fc0802984 d960281e9d1d5215 afc0503c273aa42a 439da0784e745554 86275df09ce8aaa8",
  "0321658cba93c138 0642ca05693b9f70 0c84890ad27623e0 18150f14b9ec46dd 302a1e286fc58ca7 60543c50de970553 c0a878a0a1330aa6 9d4df05d5f661451",
  "accc9ca9328a8950 4585254f64090fa0 8a174a9ec8121e5d 092e94218d243cba 125c354207487869 24b86a840e90f0d2 486dd4151c3dfdb9 90dab52a387ae76f",
  "46b60f011a83988e 8c711e02341b2d01 05e23c0468365a02 0ad97808d06cb404 14aff010bdd87508 2843fd2067adea10 5086e740ce47c920 a011d380818e8f40",
  "83478b07b2468764 1b8e0b0e798c13c8 3601161cf205268d 6c022c38f90a4c07 d8045870ef14980e ad08b0e0c3282d1c 47107ddd9b505a38 8e20faa72ba0b470",
];

// The twelve constants of the key schedule, as bytes of a block.
const CONSTANTS = [
  "0745a6f2596580dd234d74cc3674760515d360a4082a42a20169679291e07c4bfcc485758db84e7116d0452e43766a2f1f7c65c0812fcbebe9daca1eda5b08b1",
  "b79bb121700479e656cdcbd71ba2dd55caa70adbc261b55c5899d6126b17b59a3101b5160f5ed561982b230a72eafef3d7b5700f469de34f1a2f9da98ab5a36f",
  "b20aba0af5961e9931db7a8643f4b6c209db6260373ac9c1b19e3590e40fe2d37b7b29b11475eaf28b1f9c525f5ef10635843d6a28fc390ac72fce2bacdc74f5",
  "2ed1e384bcbe0c22f137e893a1ea5334be0352933313b7d875d603ed822cd7a93f355e68ad1c729d7d3c5c337e858e48dde4715da0e148f9d26615e8b3df1fef",
  "57fe6c7cfd581760f563eaa97ea2567a161a2723b700ffdfa3f53a254717cdbfbdff0f80d7359e354a1086161f1c157f6323a96c0c413f9a994747adac6bea4b",
  "6e7d64467a4068fa354f903672c571bfb6c6bec2661ff20ab4b79a1cb7a6facfc68ef09ab49a7f186ca44251f9c4662dc039307a3bc3a46fd9d33a1daeae4fae",
  "93d4143a4d568688f34a3ca24c45173504054a2883694706372c822dc5ab9209c9937a19333e47d3c987bfe6c7c69e39540924bffe86ac51ecc5aaee160ec7f4",
  "1ee702bfd40d7fa4d9a8515935c2ac362fc4a5d12b8dd16990069b92cb2b89f49ac4db4d3b44b4891ede369c71f8b74e41416e0c02aae703a7c9934d425b1f9b",
  "db5a238351446172602a1fcb92dc380e549c07a69a8a2b7bb1ceb2db0b440a8084090de0b755d93c244289251b3a7d3ade5f16ecd89a4c949b223116545a8f37",
  "ed9c4598fbc7b474c3b63b15d1fa9836f452763b306c1e7a4b3369af0267e79f0361331b8ae1ff1fdb788aff1ce74189f3f3e4b248e52a38526f0580a6debeab",
  "1b2df381cda4ca6b5dd86fc04a59a2de986e477d1dcdbaefcab948eaef711d8a79668414218001206107abebbb6bfad894fe5a63cdc60230fb89c8efd09ecd7b",
  "20d71bf14a92bc48991bb2d9d517f4fa5228e188aaa41de786cc91189def805d9b9f2130d41220f8771ddfbc323ca4cd7ab14904b08013d2ba3116f167e78e37",
].map((hex) => words(Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)), 0));

const [LOW, HIGH] = tables();

// Substitution and the linear map together: for every place of a byte and every value, 64 bits in two halves.
function tables() {
  const low = new Int32Array(8 * 256);
  const high = new Int32Array(8 * 256);
  ROWS.forEach((row, place) => {
    const images = row.split(" ").map((hex) => [parseInt(hex.slice(8), 16), parseInt(hex.slice(0, 8), 16)]);
    for (let value = 0; value < 256; value += 1) {
      images.forEach(([lower, upper], bit) => {
        if ((PI[value] >>> bit) & 1) {
          low[place * 256 + value] ^= lower;
          high[place * 256 + value] ^= upper;
        }
      });
    }
  });
  return [low, high];
}

function words(bytes, offset) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 64);
  return Int32Array.from({ length: 16 }, (_, index) => view.getInt32(index * 4, true));
}

// out := LPS(left xor right). The bytes are transposed on the way: byte i of every word makes word i.
function mix(left, right, out) {
  const mixed = mix.space;
  for (let index = 0; index < 16; index += 1) mixed[index] = left[index] ^ right[index];
  for (let half = 0; half < 2; half += 1) {
    const a = mixed[half], b = mixed[2 + half], c = mixed[4 + half], d = mixed[6 + half];
    const e = mixed[8 + half], f = mixed[10 + half], g = mixed[12 + half], h = mixed[14 + half];
    for (let byte = 0; byte < 4; byte += 1) {
      const shift = byte * 8;
      const i0 = (a >>> shift) & 255, i1 = 256 | ((b >>> shift) & 255), i2 = 512 | ((c >>> shift) & 255);
      const i3 = 768 | ((d >>> shift) & 255), i4 = 1024 | ((e >>> shift) & 255), i5 = 1280 | ((f >>> shift) & 255);
      const i6 = 1536 | ((g >>> shift) & 255), i7 = 1792 | ((h >>> shift) & 255);
      const at = half * 8 + byte * 2;
      out[at] = LOW[i0] ^ LOW[i1] ^ LOW[i2] ^ LOW[i3] ^ LOW[i4] ^ LOW[i5] ^ LOW[i6] ^ LOW[i7];
      out[at + 1] = HIGH[i0] ^ HIGH[i1] ^ HIGH[i2] ^ HIGH[i3] ^ HIGH[i4] ^ HIGH[i5] ^ HIGH[i6] ^ HIGH[i7];
    }
  }
}
mix.space = new Int32Array(16);

// a := a + b modulo 2^512.
function add(a, b) {
  let carry = 0;
  for (let index = 0; index < 16; index += 1) {
    const sum = (a[index] >>> 0) + (b[index] >>> 0) + carry;
    a[index] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

export class Streebog {
  constructor(bits = 256) {
    this.bits = bits;
    this.hash = new Int32Array(16).fill(bits === 256 ? 0x01010101 : 0);
    this.length = new Int32Array(16);
    this.sum = new Int32Array(16);
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.key = new Int32Array(16);
    this.state = new Int32Array(16);
  }

  update(bytes) {
    let offset = 0;
    if (this.held) {
      const taken = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, taken), this.held);
      this.held += taken;
      offset = taken;
      if (this.held < 64) return this;
      this.#block(words(this.rest, 0), 512);
      this.held = 0;
    }
    for (; offset + 64 <= bytes.length; offset += 64) this.#block(words(bytes, offset), 512);
    this.rest.set(bytes.subarray(offset));
    this.held = bytes.length - offset;
    return this;
  }

  // Ends the counting: the object is of no use afterwards.
  hex() {
    this.rest.fill(0, this.held);
    this.rest[this.held] = 1;
    this.#block(words(this.rest, 0), this.held * 8);
    const zero = new Int32Array(16);
    this.#compress(zero, this.length);
    this.#compress(zero, this.sum);
    const bytes = new Uint8Array(this.hash.buffer.slice(0));
    const view = new DataView(bytes.buffer);
    this.hash.forEach((word, index) => view.setInt32(index * 4, word, true));
    return Array.from(bytes.subarray(64 - this.bits / 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #block(message, bits) {
    this.#compress(this.length, message);
    const size = new Int32Array(16);
    size[0] = bits;
    add(this.length, size);
    add(this.sum, message);
  }

  #compress(counter, message) {
    const { hash, key, state } = this;
    mix(hash, counter, key);
    state.set(message);
    for (let round = 0; round < 12; round += 1) {
      mix(state, key, state);
      mix(key, CONSTANTS[round], key);
    }
    for (let index = 0; index < 16; index += 1) hash[index] ^= state[index] ^ key[index] ^ message[index];
  }
}
