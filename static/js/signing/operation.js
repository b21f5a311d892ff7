// A signing operation: the server names the bytes, takes signatures one by one and knows what is left (S-22).
import { call } from "../http.js";
import { store } from "../dom.js";
import { digests } from "./digests.js";
import { Trouble } from "./trouble.js";

const TRIES = 3;
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

export class Operation {
  constructor(answer, { url, key }) {
    this.url = url;
    this.key = key;
    this.#read(answer);
  }

  #read(answer) {
    this.id = answer.operation;
    this.expires = new Date(answer.expires);
    this.items = answer.items;
    this.done = new Set((answer.done ?? []).map(Number));
  }

  get left() { return this.items.filter((item) => !this.done.has(item.file)); }

  static async begin(files, purpose, place) {
    const { data } = await call(place.url, { method: "POST", json: { files, purpose } });
    const made = new Operation(data, place);
    store.set(place.key, made.id);
    return made;
  }

  // The one that was interrupted in this browser, if anything of it is left.
  static async interrupted(place) {
    const id = store.get(place.key);
    if (!id) return null;
    try {
      const { data } = await call(`${place.url}/${encodeURIComponent(id)}`);
      const found = new Operation(data, place);
      if (found.left.length && found.done.size && found.expires > new Date()) return found;
    } catch (failure) {
      if (failure.isOffline) return null;
    }
    store.remove(place.key);
    return null;
  }

  // The same request may be repeated: the server gives the first answer again.
  async submit(file, signature, source) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { data } = await call(`${this.url}/${encodeURIComponent(this.id)}/${file}`, { method: "POST", json: { signature, source } });
        this.done.add(file);
        if (!this.left.length) store.remove(this.key);
        return data;
      } catch (failure) {
        const isTransient = failure.isOffline || failure.status === 503 || failure.status === 429;
        if (isTransient && attempt < TRIES) { await pause(attempt * 700); continue; }
        throw new Trouble(failure.message, { kind: failure.isOffline ? "offline" : "server", stops: isTransient || failure.isSessionEnded || failure.status === 403 });
      }
    }
  }
}

// The exact bytes of a document, compared with what the server has said of them: what is seen is what is signed.
export async function exactBytes(url, item, progress = null) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Trouble("Нет связи с сервером: документ не получен. Проверьте подключение и продолжите.", { kind: "offline" });
  }
  if (!answer.ok || answer.redirected) {
    throw new Trouble("Документ не получен: обновите страницу и повторите.", { kind: "server", stops: answer.redirected });
  }
  const blob = await answer.blob();
  const counted = await digests(blob, ["sha256", "streebog256"], progress);
  const isSame = counted.sha256 === item.sha256 && (!item.streebog256 || counted.streebog256 === item.streebog256);
  if (!isSame || blob.size !== item.size) {
    throw new Trouble("Полученный документ не совпал с показанным на странице. Подписывать его нельзя: обновите страницу.",
      { kind: "bytes", stops: false });
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return {
    bytes,
    blob,
    digests: counted,
    streebog: async (size) => (size === 256 ? counted.streebog256 : (await digests(blob, [`streebog${size}`]))[`streebog${size}`]),
  };
}
