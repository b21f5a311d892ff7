// Coming in by a certificate, and tying one to the account: the server's five lines are signed, not typed words.
import { each, element, icon } from "../dom.js";
import { call } from "../http.js";
import { CertificateList } from "./certificate_list.js";
import { fromBase64 } from "./der.js";
import { Plugin } from "./plugin.js";
import { KeptKeys, TestKey } from "./test_key.js";

function ways(isTest) {
  if (!isTest) return null;
  const way = (value, title, checked) => element("label", {}, element("input", { type: "radio", name: "way", value, checked }), element("span", {}, title));
  return element("fieldset", { class: "segment" }, element("legend", { class: "sr-only" }, "Чем подтвердить"),
    way("test", "Тестовый сертификат", true), way("plugin", "КриптоПро", false));
}

function build(isTest, title) {
  const submit = element("button", { class: "btn btn-primary", type: "submit", disabled: true }, title);
  const again = element("button", { class: "btn btn-small", type: "button", "data-look-again": true, hidden: true }, icon("refresh"), "Искать снова");
  return element("form", { class: "sign-login", "aria-label": title }, ways(isTest), element("p", { class: "muted", "data-key-state": true, role: "status" }),
    element("div", { "data-trouble": true }), element("fieldset", { class: "certificates" }, element("legend", { class: "sr-only" }, "Сертификат"), element("ul", { "data-certificates": true })),
    element("p", { class: "inline" }, submit, again));
}

class Entrance {
  // `addresses`: {challenge, send}; `testKey`: the signer of the test mode.
  constructor(box, { title, addresses, testKey }) {
    this.addresses = addresses;
    const { pluginScript: script = "", pluginIntegrity: integrity = "" } = box.dataset;
    this.signers = { test: testKey, plugin: new Plugin({ script, integrity }) };
    this.form = build(Boolean(testKey), title);
    box.append(this.form);
    this.submit = this.form.querySelector("[type=submit]");
    this.list = new CertificateList(this.form, null, () => { this.submit.disabled = !this.list.chosen; });
    each(this.form, "[name=way]", (mark) => mark.addEventListener("change", () => this.look()));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.enter(); });
    this.look();
  }

  get signer() {
    return this.signers[this.form.querySelector("[name=way]:checked")?.value ?? "plugin"];
  }

  look() { this.list.look(this.signer); }

  async enter() {
    const certificate = this.list.chosen;
    if (!certificate) return;
    this.submit.disabled = true;
    this.list.trouble.replaceChildren();
    try {
      const { data: asked } = await call(this.addresses.challenge, { method: "POST" });
      const signature = await this.signer.sign(certificate, { bytes: fromBase64(asked.data) });
      const { data } = await call(this.addresses.send, { method: "POST", json: { text: asked.text, signature } });
      location.assign(data.url);
    } catch (failure) {
      this.list.tell(failure);
      this.submit.disabled = false;
    }
  }
}

// On the login page the plug-in is not woken until it is asked for.
each(document, "[data-certificate-login]", (box) => {
  const opener = element("button", { class: "btn", type: "button" }, icon("key"), "Войти по сертификату");
  opener.addEventListener("click", () => {
    opener.remove();
    const addresses = { challenge: box.dataset.challengeUrl, send: box.dataset.enterUrl };
    new Entrance(box, { title: "Войти", addresses, testKey: box.dataset.test === "1" ? new KeptKeys() : null });
  });
  box.append(opener);
});

each(document, "[data-certificate-bind]", (box) => {
  const person = document.documentElement.dataset.user ?? "";
  const addresses = { challenge: box.dataset.challengeUrl, send: box.dataset.bindUrl };
  const testKey = box.dataset.test === "1" ? new TestKey({ url: box.dataset.testUrl || "/signing/test-certificate", person }) : null;
  new Entrance(box, { title: "Привязать сертификат", addresses, testKey });
});
