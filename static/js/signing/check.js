// The public check: the file stays with the person, only its digest is asked about (S-16).
import { each, element, icon } from "../dom.js";
import { call } from "../http.js";
import { digests } from "./digests.js";

const tone = (mood) => ({ valid: "good", invalid: "bad" })[mood] ?? "waiting";

function alert(kind, picture, title, ...words) {
  return element("div", { class: `alert alert-${kind}` }, icon(picture), element("div", {}, element("strong", {}, title), ...words));
}

function told(file, counted, answer) {
  const sums = element("dl", { class: "hashes" }, element("dt", {}, "SHA-256"), element("dd", {}, element("code", {}, counted.sha256)),
    element("dt", {}, "Стрибог-256"), element("dd", {}, element("code", {}, counted.streebog256)));
  const verdict = answer.known
    ? alert("good", "check-circle", "Файл подлинный", element("p", {}, `«${file.name}» побайтно совпадает с хранящимся в архиве.`))
    : alert("bad", "alert-circle", "Файл не найден", element("p", {}, `«${file.name}» изменён или выдан не этой системой.`));
  const signatures = answer.signatures.map((sign) => alert(tone(sign.mood), "seal", [sign.signer, sign.at].filter(Boolean).join(", "), element("p", {}, sign.text)));
  return [verdict, ...signatures, sums];
}

class Check {
  constructor(form) {
    this.form = form;
    this.field = form.querySelector("input[type=file]");
    this.turn = 0;
    this.bar = element("progress", { "aria-label": "Подсчёт контрольной суммы", hidden: true });
    this.result = element("div", { class: "stack", role: "status" });
    form.append(this.bar, this.result);
    this.field.addEventListener("change", () => { if (this.field.files.length) this.look(this.field.files[0]); });
    form.addEventListener("submit", (event) => {
      if (!this.field.files.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.look(this.field.files[0]);
    }, { capture: true });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) this.look(event.dataTransfer.files[0]);
    });
  }

  async look(file) {
    this.turn += 1;
    const mine = this.turn;
    this.result.replaceChildren(element("p", { class: "muted" }, "Считаем контрольную сумму: файл остаётся на вашем компьютере."));
    this.bar.hidden = false;
    try {
      const counted = await digests(file, ["sha256", "streebog256"], (done, total) => { this.bar.max = total || 1; this.bar.value = done; });
      const { data } = await call(`${this.form.dataset.digestUrl}/${counted.sha256}`);
      if (mine === this.turn) this.result.replaceChildren(...told(file, counted, data));
    } catch (failure) {
      if (mine === this.turn) this.result.replaceChildren(alert("bad", "alert-circle", "Не получилось", element("p", {}, failure.message)));
    }
    if (mine === this.turn) { this.bar.hidden = true; this.field.value = ""; }
  }
}

each(document, "[data-check-file]", (form) => new Check(form));
