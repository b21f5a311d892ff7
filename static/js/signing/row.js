// One document of the list: what is going on with it, and how it ended.
import { element, icon } from "../dom.js";

const MOODS = { valid: ["is-good", "seal"], invalid: ["is-bad", "alert-circle"], unknown: ["is-waiting", "alert"] };

export class Row {
  constructor(node) {
    this.node = node;
    this.file = Number(node.dataset.file);
    this.url = node.dataset.url;
    this.name = node.dataset.name;
    this.type = node.dataset.type || "";
    this.size = Number(node.dataset.size);
    this.sha256 = node.dataset.sha256;
    this.streebog256 = node.dataset.streebog256;
    this.box = node.querySelector("[data-chosen]");
    this.state = node.querySelector("[data-state]");
  }

  get isChosen() { return this.box.checked; }

  choose(isChosen) { if (!this.box.disabled) this.box.checked = isChosen; }

  busy(text) { this.#say("", null, text); }

  failed(text) { this.#say("is-bad", "alert-circle", text); }

  // `answer`: what the server said of the signature.
  result(answer) {
    const [tone, picture] = MOODS[answer.mood] ?? MOODS.unknown;
    const powers = answer.authority_text && !answer.text.includes(answer.authority_text) ? ` ${answer.authority_text}` : "";
    this.#say(tone, picture, `${answer.text}${powers} `);
    const words = this.state.lastElementChild;
    if (answer.signer && !words.textContent.includes(answer.signer)) words.append(`Подписант: ${answer.signer}. `);
    if (answer.is_test) words.append(element("span", { class: "sign-test" }, "тестовая"), " ");
    if (answer.report_url) words.append(element("a", { href: answer.report_url }, "Протокол проверки"));
    this.node.dataset.signed = answer.mood;
    this.done();
  }

  done() {
    this.box.checked = false;
    this.box.disabled = true;
  }

  #say(tone, picture, text) {
    this.state.hidden = false;
    this.state.className = `sign-state ${tone}`;
    const words = element("span", {}, text);
    this.state.replaceChildren(...(picture ? [icon(picture), words] : [words]));
  }
}
