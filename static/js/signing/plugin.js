// Signing through the vendor's plug-in (cadesplugin_api.js): the certificate list and detached CAdES-BES.
// No wrapper from npm: they build their code with eval, which the page's policy forbids.
import { Certificate } from "./certificate.js";
import { toBase64 } from "./der.js";
import { Trouble, ofPlugin } from "./trouble.js";

const WAIT = 5000;
// Over this the plug-in gets the digest and not the document: the vendor names 10–60 MB as its limit.
export const LARGE = 10 * 1024 * 1024;
const TESTED = [2, 0, 14660];
const CURRENT_USER = 2; // CAPICOM_CURRENT_USER_STORE
const MAXIMUM = 2; // CAPICOM_STORE_OPEN_MAXIMUM_ALLOWED
const BASE64 = 0; // CAPICOM_ENCODE_BASE64
const BASE64_TO_BINARY = 1; // CADESCOM_BASE64_TO_BINARY
const CADES_BES = 1; // CADESCOM_CADES_BES
const STREEBOG = { 256: 101, 512: 102 }; // CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_256, _512

const MISSING = "КриптоПро ЭЦП Browser plug-in не отвечает: он не установлен, или его расширение выключено. "
  + "Установите плагин и включите расширение в браузере, затем обновите страницу.";

function load(script, integrity) {
  if (window.cadesplugin) return Promise.resolve();
  window.cadesplugin_load_timeout = WAIT;
  window.cadesplugin_skip_extension_install = true; // its own dialog would break the page
  return new Promise((resolve, reject) => {
    const node = document.createElement("script");
    node.src = script;
    if (integrity) node.integrity = integrity;
    node.addEventListener("load", () => resolve());
    node.addEventListener("error", () => reject(new Trouble("Сценарий плагина не загрузился. Обновите страницу; если не поможет, "
      + "подпишите документ в другой программе и загрузите файл подписи.", { kind: "script" })));
    document.head.append(node);
  });
}

function late() {
  return new Promise((_, reject) => { setTimeout(() => reject(new Trouble(MISSING, { kind: "missing" })), WAIT); });
}

// cadesplugin is a thenable: whoever returns it from an async function waits for it once more, for ever.
async function ready(script, integrity) {
  if (!script && !window.cadesplugin) {
    throw new Trouble("Подписание через КриптоПро на этом сервере не настроено: администратор ещё не положил сценарий плагина. "
      + "Подпишите документ в другой программе и загрузите файл подписи.", { kind: "script" });
  }
  await Promise.race([load(script, integrity), late()]);
  const answered = new Promise((resolve, reject) => {
    window.cadesplugin.then(() => resolve(), (failure) => reject(new Trouble(MISSING, { kind: "missing", help: String(failure) })));
  });
  await Promise.race([answered, late()]);
}

function older(version) {
  for (let index = 0; index < TESTED.length; index += 1) {
    if (version[index] !== TESTED[index]) return version[index] < TESTED[index];
  }
  return false;
}

export class Plugin {
  source = "plugin";
  title = "КриптоПро";

  constructor({ script = "", integrity = "" } = {}) {
    this.script = script;
    this.integrity = integrity;
  }

  // Opens the plug-in; gives its versions in words and a warning when it is too old.
  async open() {
    await ready(this.script, this.integrity);
    return this.#speak(async () => {
      const about = await this.#make("CAdESCOM.About");
      const plugin = await about.PluginVersion;
      const version = [await plugin.MajorVersion, await plugin.MinorVersion, await plugin.BuildVersion];
      let csp = "";
      try {
        const found = await about.CSPVersion("", 80);
        csp = [await found.MajorVersion, await found.MinorVersion, await found.BuildVersion].join(".");
      } catch (failure) {
        throw new Trouble("Плагин работает, но КриптоПро CSP не найден. Установите КриптоПро CSP и перезапустите браузер.",
          { kind: "csp", help: String(failure) });
      }
      return {
        text: `Плагин ${version.join(".")}, КриптоПро CSP ${csp}`,
        warning: older(version) ? `Плагин старый: проверено с версии ${TESTED.join(".")}. Если подпись не получится, обновите его.` : "",
      };
    });
  }

  // Personal certificates with a private key; the ones of the past are told too, the page greys them.
  certificates() {
    return this.#speak(async () => {
      const store = await this.#make("CAdESCOM.Store");
      await store.Open(CURRENT_USER, "My", MAXIMUM);
      try {
        const list = await store.Certificates;
        const count = await list.Count;
        const found = [];
        for (let number = 1; number <= count; number += 1) {
          const entry = await list.Item(number);
          if (!await entry.HasPrivateKey()) continue;
          const certificate = Certificate.fromBase64(await entry.Export(BASE64));
          certificate.handle = entry;
          found.push(certificate);
        }
        if (!found.length) {
          throw new Trouble("На этом компьютере нет личных сертификатов. Вставьте носитель ключа и установите сертификат в КриптоПро CSP.",
            { kind: "empty" });
        }
        return found;
      } finally {
        await store.Close();
      }
    });
  }

  // The signature in Base64, as the plug-in gave it. `document`: {bytes, streebog(size)}.
  sign(certificate, document) {
    return this.#speak(async () => {
      const signer = await this.#make("CAdESCOM.CPSigner");
      await signer.propset_Certificate(certificate.handle);
      const data = await this.#make("CAdESCOM.CadesSignedData");
      if (document.bytes.length > LARGE) return this.#signDigest(certificate, document, signer, data);
      // The encoding goes first: without it the plug-in signs the letters of the Base64 and not the document.
      await data.propset_ContentEncoding(BASE64_TO_BINARY);
      await data.propset_Content(toBase64(document.bytes));
      return data.SignCades(signer, CADES_BES, true);
    });
  }

  async #signDigest(certificate, document, signer, data) {
    if (!certificate.gost) {
      throw new Trouble("Документ больше 10 МБ, а ключ не по ГОСТ: подпишите его в другой программе и загрузите файл подписи.",
        { kind: "large", stops: false });
    }
    const hashed = await this.#make("CAdESCOM.HashedData");
    await hashed.propset_Algorithm(STREEBOG[certificate.gost]);
    await hashed.SetHashValue((await document.streebog(certificate.gost)).toUpperCase());
    await data.propset_ContentEncoding(BASE64_TO_BINARY);
    return data.SignHash(hashed, signer, CADES_BES);
  }

  #make(name) { return window.cadesplugin.CreateObjectAsync(name); }

  async #speak(work) {
    try {
      return await work();
    } catch (failure) {
      throw ofPlugin(failure, window.cadesplugin?.getLastError?.bind(window.cadesplugin));
    }
  }
}
