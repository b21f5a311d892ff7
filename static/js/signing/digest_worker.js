// Counts digests apart from the page, so that it stays alive over a file of a hundred megabytes.
import { Sha256 } from "./sha256.js";
import { Streebog } from "./streebog.js";

const PIECE = 1 << 20;

self.addEventListener("message", async ({ data: { id, blob, names } }) => {
  try {
    const counters = names.map((name) => (name === "sha256" ? new Sha256() : new Streebog(Number(name.slice(8)))));
    for (let offset = 0; offset < blob.size; offset += PIECE) {
      const piece = new Uint8Array(await blob.slice(offset, offset + PIECE).arrayBuffer());
      for (const counter of counters) counter.update(piece);
      self.postMessage({ id, done: Math.min(offset + PIECE, blob.size), total: blob.size });
    }
    self.postMessage({ id, digests: Object.fromEntries(names.map((name, index) => [name, counters[index].hex()])) });
  } catch (failure) {
    self.postMessage({ id, problem: String(failure) });
  }
});
