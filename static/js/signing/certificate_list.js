// The list of certificates: whose, of which organisation, by whom, till when; what does not fit says why.
import { element } from "../dom.js";
import { Trouble } from "./trouble.js";

const day = (date) => date.toLocaleDateString("ru-RU");
const alert = (tone, text) => element("p", { class: `alert alert-${tone}`, role: tone === "bad" ? "alert" : "status" }, text);

function line(certificate, number, reason) {
  const { names } = certificate;
  const facts = [
    ["Организация", names.organisation], ["ИНН", names.innLegal ?? names.inn], ["Должность", names.position],
    ["Издатель", certificate.issuerName], ["Действует до", day(certificate.until)],
  ].filter(([, value]) => value);
  return element("li", {},
    element("label", { class: `certificate${reason ? " is-off" : ""}` },
      element("input", { type: "radio", name: "certificate", value: number, disabled: Boolean(reason) }),
      element("span", {},
        element("strong", {}, certificate.owner), certificate.isTest ? element("span", { class: "sign-test" }, "тестовая") : null,
        element("dl", {}, ...facts.map(([title, value]) => element("div", {}, element("dt", {}, `${title}:`), element("dd", {}, value)))),
        reason ? element("small", {}, reason) : null)));
}

// The panel between a signer (a plug-in or a test key) and the page.
export class CertificateList {
  constructor(panel, expected, changed) {
    this.panel = panel;
    this.expected = expected;
    this.changed = changed;
    this.found = [];
    this.turn = 0;
    this.state = panel.querySelector("[data-key-state]");
    this.trouble = panel.querySelector("[data-trouble]");
    this.list = panel.querySelector("[data-certificates]");
    this.again = panel.querySelector("[data-look-again]");
    this.again.addEventListener("click", () => this.look(this.signer));
    this.list.addEventListener("change", () => this.changed());
  }

  get chosen() {
    const mark = this.list.querySelector("input:checked");
    return mark ? this.found[Number(mark.value)] : null;
  }

  async look(signer) {
    this.turn += 1;
    const mine = this.turn;
    this.signer = signer;
    this.found = [];
    this.list.replaceChildren();
    this.trouble.replaceChildren();
    this.again.hidden = true;
    this.state.textContent = "Ищем сертификаты…";
    this.changed();
    try {
      const about = await signer.open();
      const found = await signer.certificates();
      if (mine !== this.turn) return;
      this.state.textContent = about.text;
      if (about.warning) this.trouble.append(alert("waiting", about.warning));
      this.#draw(found);
    } catch (failure) {
      if (mine !== this.turn) return;
      this.state.textContent = "";
      this.tell(failure);
    }
    this.again.hidden = false;
    this.changed();
  }

  tell(failure) {
    const text = failure instanceof Trouble || failure.status !== undefined ? failure.message
      : `Не получилось: ${failure.message}. Обновите страницу; если не поможет, загрузите файл подписи.`;
    this.trouble.replaceChildren(alert("bad", text));
  }

  // Fitting ones first, the one that lasts longest above; the first is chosen when it alone fits.
  #draw(found) {
    const judged = found.map((certificate) => ({ certificate, reason: certificate.unfit(this.expected) }));
    judged.sort((one, two) => Boolean(one.reason) - Boolean(two.reason) || two.certificate.until - one.certificate.until);
    this.found = judged.map((one) => one.certificate);
    this.list.replaceChildren(...judged.map((one, number) => line(one.certificate, number, one.reason)));
    const fitting = judged.filter((one) => !one.reason);
    if (fitting.length === 1) this.list.querySelector("input:not([disabled])").checked = true;
    if (!fitting.length) {
      this.trouble.append(alert("waiting", "Ни один сертификат не подходит: причины указаны ниже. Вставьте другой носитель и нажмите «Искать снова» или загрузите файл подписи."));
    }
  }
}
