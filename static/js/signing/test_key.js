// The test mode's signer: the key is made in the browser, cannot be taken out of it, and lives in its IndexedDB.
import { CURVE, request, sign } from "./cades.js";
import { Certificate } from "./certificate.js";
import { fromBase64, toBase64 } from "./der.js";
import { call } from "../http.js";
import { Trouble } from "./trouble.js";

const BASE = "veche-test-key";
const SHELF = "keys";

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function shelf(mode, work) {
  const base = await database();
  try {
    return await new Promise((resolve, reject) => {
      const asked = work(base.transaction(SHELF, mode).objectStore(SHELF));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    base.close();
  }
}

export class TestKey {
  source = "test";
  title = "Тестовый сертификат";

  // `person`: whose key it is in this browser; `url`: where certificates are issued.
  constructor({ url, person }) {
    this.url = url;
    this.person = person;
  }

  async open() {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) {
      throw new Trouble("Браузер не даёт создать ключ: откройте сайт по https или в обычном, не приватном окне.", { kind: "missing" });
    }
    return { text: "Учебный режим: ключ создаётся в этом браузере и не покидает его.", warning: "" };
  }

  async certificates() {
    const kept = await this.#kept();
    if (kept) {
      const certificate = new Certificate(kept.certificate);
      if (certificate.until > new Date()) return [Object.assign(certificate, { kept })];
    }
    return [await this.issue()];
  }

  // A new key and a certificate for it. The old key is forgotten.
  async issue() {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    const { data } = await call(this.url, { method: "POST", json: { request: toBase64(await request(pair)) } });
    const kept = { key: pair.privateKey, certificate: fromBase64(data.certificate), chain: data.chain.map(fromBase64) };
    await shelf("readwrite", (store) => store.put(kept, this.person));
    return Object.assign(new Certificate(kept.certificate), { kept });
  }

  async sign(certificate, document) {
    const { key, chain } = certificate.kept;
    return toBase64(await sign({ content: document.bytes, key, certificate, chain }));
  }

  async #kept() {
    try {
      return await shelf("readonly", (store) => store.get(this.person));
    } catch (failure) {
      throw new Trouble("Хранилище браузера закрыто: откройте обычное, не приватное окно.", { kind: "missing", help: String(failure) });
    }
  }
}

// On the login page nobody is known yet: every key that lives in this browser.
export class KeptKeys extends TestKey {
  constructor() { super({ url: "", person: "" }); }

  async certificates() {
    const found = await shelf("readonly", (store) => store.getAll());
    if (!found.length) {
      throw new Trouble("В этом браузере ещё нет тестового сертификата: войдите по паролю и подпишите что-нибудь или привяжите сертификат в профиле.", { kind: "empty" });
    }
    return found.map((kept) => Object.assign(new Certificate(kept.certificate), { kept }));
  }
}
