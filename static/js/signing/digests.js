// Digests of a file, counted in a worker. Names: sha256, streebog256, streebog512.

let worker = null;
let last = 0;
const waiting = new Map();

function start() {
  worker = new Worker(new URL("./digest_worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const asked = waiting.get(data.id);
    if (!asked) return;
    if (data.total !== undefined) { asked.progress?.(data.done, data.total); return; }
    waiting.delete(data.id);
    if (data.problem) asked.reject(new Error(data.problem));
    else asked.resolve(data.digests);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    for (const asked of waiting.values()) asked.reject(new Error(event.message || "worker"));
    waiting.clear();
    worker = null;
  });
}

export function digests(blob, names = ["sha256", "streebog256"], progress = null) {
  if (!worker) start();
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, progress });
    worker.postMessage({ id, blob, names });
  });
}
