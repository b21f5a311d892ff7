// A double of the vendor's cadesplugin_api.js with its manners, so that our side is tried without the plug-in:
// the global is a promise; every property is a promise; setting goes by propset_…; what is set as Content before
// ContentEncoding is signed as UCS-2; failures carry codes of Windows; without the extension nothing answers.
// `window.cadesDouble` (set by the test before the page): {mode: "ok"|"silent"|"absent", csp, certificates:
// [{der, pkcs8, hasKey}], failAt, failWith, version}. `window.cadesCalls` tells the test what was asked.
(() => {
  const setup = { mode: "ok", csp: true, certificates: [], version: [2, 0, 15000], ...window.cadesDouble };
  const calls = [];
  window.cadesCalls = calls;
  let signed = 0;

  const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const textOf = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/.{64}/g, "$&\r\n");
  const ucs2 = (text) => new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer);
  const failure = (text, code) => new Error(`${text} (${code})`);
  const turn = () => new Promise((resolve) => { setTimeout(resolve, 0); });

  function object(name, properties, methods) {
    const made = {};
    for (const key of Object.keys(properties)) {
      Object.defineProperty(made, key, { get: () => turn().then(() => (typeof properties[key] === "function" ? properties[key]() : properties[key])) });
      made[`propset_${key}`] = async (value) => { await turn(); calls.push([`${name}.${key}`, typeof value === "object" ? "…" : String(value).slice(0, 200)]); properties[key] = value; properties.set?.(key, value); };
    }
    for (const [key, work] of Object.entries(methods)) {
      made[key] = async (...given) => { await turn(); calls.push([`${name}.${key}`, given.map((one) => (typeof one === "object" ? "…" : String(one).slice(0, 200)))]); return work(...given); };
    }
    return made;
  }

  function certificate(entry) {
    return object("Certificate", { SubjectName: "CN=…", IssuerName: "CN=…", Thumbprint: "00" }, {
      HasPrivateKey: () => entry.hasKey !== false,
      Export: () => entry.der.replace(/.{64}/g, "$&\r\n"),
      entry: () => entry,
    });
  }

  const kinds = {
    "CAdESCOM.About": () => object("About", {
      Version: setup.version.join("."),
      PluginVersion: () => object("Version", { MajorVersion: setup.version[0], MinorVersion: setup.version[1], BuildVersion: setup.version[2] }, {}),
    }, {
      CSPVersion: () => {
        if (!setup.csp) throw failure("Поставщик не найден", "0x80090019");
        return object("Version", { MajorVersion: 5, MinorVersion: 0, BuildVersion: 13000 }, {});
      },
    }),
    "CAdESCOM.Store": () => {
      let isOpen = false;
      return object("Store", {
        Certificates: () => {
          if (!isOpen) throw failure("Хранилище не открыто", "0x8009000F");
          return object("Certificates", { Count: setup.certificates.length }, { Item: (number) => certificate(setup.certificates[number - 1]) });
        },
      }, { Open: () => { isOpen = true; }, Close: () => { isOpen = false; } });
    },
    "CAdESCOM.CPSigner": () => object("CPSigner", { Certificate: null }, {}),
    "CAdESCOM.HashedData": () => {
      const made = object("HashedData", { Algorithm: 0, Value: "" }, { SetHashValue: () => undefined, Hash: () => undefined });
      return made;
    },
    "CAdESCOM.CadesSignedData": () => {
      let content = new Uint8Array();
      let encoding = 0;
      const properties = {
        ContentEncoding: 0,
        Content: "",
        set(key, value) {
          if (key === "ContentEncoding") encoding = value;
          if (key === "Content") content = encoding === 1 ? bytesOf(value) : ucs2(value);
        },
      };
      return object("CadesSignedData", properties, {
        SignCades: async (signer, type, isDetached) => {
          signed += 1;
          if (setup.failAt && signed === setup.failAt) throw failure(...(setup.failWith ?? ["Сбой", "0x80090020"]));
          if (type !== 1 || isDetached !== true) throw failure("Неверный параметр", "0x80070057");
          const { entry } = await (async () => ({ entry: await (await signer.Certificate).entry() }))();
          const { sign } = await import("/static/js/signing/cades.js");
          const { Certificate } = await import("/static/js/signing/certificate.js");
          const key = await crypto.subtle.importKey("pkcs8", bytesOf(entry.pkcs8), { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
          return textOf(await sign({ content, key, certificate: Certificate.fromBase64(entry.der) }));
        },
        SignHash: () => "MAA=",
      });
    },
  };

  const wait = window.cadesplugin_load_timeout ?? 20000;
  const plugin = new Promise((resolve, reject) => {
    if (setup.mode === "ok") setTimeout(resolve, 20);
    if (setup.mode === "absent") setTimeout(() => reject("Плагин недоступен"), 20);
    if (setup.mode === "silent") setTimeout(() => reject("Истекло время ожидания загрузки плагина"), wait + 3000);
  });
  plugin.CreateObjectAsync = async (name) => {
    await turn();
    if (!kinds[name]) throw failure("Класс не зарегистрирован", "0x80040154");
    return kinds[name]();
  };
  plugin.getLastError = (thrown) => thrown?.message ?? String(thrown);
  window.cadesplugin = plugin;
})();
