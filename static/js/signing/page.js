// The signing page: documents, means, results. The rules are the server's; this only carries bytes and words.
import { announce, each, plural, store } from "../dom.js";
import { CertificateList } from "./certificate_list.js";
import { Operation, exactBytes } from "./operation.js";
import { Plugin } from "./plugin.js";
import { show } from "./preview.js";
import { Row } from "./row.js";
import { Runner } from "./runner.js";
import * as signatureFiles from "./signature_files.js";
import { TestKey } from "./test_key.js";
import { Trouble } from "./trouble.js";

const documents = (count) => `${count} ${plural(count, "документ", "документа", "документов")}`;

class Page {
  constructor(desk) {
    this.desk = desk;
    const { dataset } = desk;
    const person = document.documentElement.dataset.user ?? "";
    this.place = { url: dataset.operationsUrl, key: `veche:signing:${person}:${dataset.record}` };
    this.rows = new Map([...desk.querySelectorAll("[data-file]")].map((node) => new Row(node)).map((row) => [row.file, row]));
    this.form = desk.querySelector("[data-sign-form]");
    this.viewer = desk.querySelector("[data-viewer]");
    this.signers = {
      test: dataset.testUrl ? new TestKey({ url: dataset.testUrl, person }) : null,
      plugin: new Plugin({ script: dataset.pluginScript, integrity: dataset.pluginIntegrity }),
    };
    this.list = new CertificateList(this.form, { inn: dataset.inn, ogrn: dataset.ogrn, organisation: dataset.organisation }, () => this.draw());
    this.runner = new Runner(this.rows, (...told) => this.tell(...told));
    this.isRunning = false;
    this.#listen();
    const drop = desk.querySelector("[data-signature-drop]");
    if (drop) signatureFiles.start(drop, this.rows);
    const kept = store.get("veche:signing-way");
    const wanted = this.form.querySelector(`[name=way][value="${kept}"]`);
    if (location.hash === "#simple") this.#choose("simple");
    else if (wanted) wanted.checked = true;
    this.way();
    this.#offerToGoOn();
    if (this.rows.size === 1) this.preview([...this.rows.values()][0], { isQuiet: true });
  }

  part(name) { return this.desk.querySelector(`[data-${name}]`); }

  get chosenWay() { return this.form.querySelector("[name=way]:checked")?.value ?? "upload"; }

  get signer() { return this.signers[this.chosenWay] ?? null; }

  #choose(way) {
    const mark = this.form.querySelector(`[name=way][value="${way}"]`);
    if (mark) mark.checked = true;
  }

  #listen() {
    each(this.form, "[name=way]", (mark) => mark.addEventListener("change", () => this.way()));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.sign(); });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey && event.key === "Enter" && this.signer && !this.part("sign").disabled) { event.preventDefault(); this.sign(); }
    });
    this.part("stop").addEventListener("click", () => { this.runner.stop(); this.part("stop").disabled = true; });
    this.part("all")?.addEventListener("click", () => this.choose(true));
    this.part("none")?.addEventListener("click", () => this.choose(false));
    this.part("new-key").addEventListener("click", () => this.newKey());
    for (const row of this.rows.values()) {
      row.box.addEventListener("change", () => this.draw());
      row.node.querySelector("[data-preview]").addEventListener("click", () => this.preview(row));
    }
    window.addEventListener("beforeunload", (event) => { if (this.isRunning) event.preventDefault(); });
  }

  choose(isChosen) {
    for (const row of this.rows.values()) row.choose(isChosen);
    this.draw();
  }

  // Another way of signing: its panel, and the certificates when it has any.
  way() {
    const way = this.chosenWay;
    store.set("veche:signing-way", way);
    const panel = this.signer ? "key" : way;
    each(this.desk, "[data-way-panel]", (node) => { node.hidden = node.dataset.wayPanel !== panel; });
    this.part("new-key").hidden = way !== "test";
    if (this.signer) this.list.look(this.signer);
  }

  async newKey() {
    try {
      await this.signers.test.issue();
    } catch (failure) {
      this.list.tell(failure);
      return;
    }
    this.list.look(this.signers.test);
  }

  get chosenRows() { return [...this.rows.values()].filter((row) => row.isChosen); }

  draw() {
    const count = this.chosenRows.length;
    this.part("sign-title").textContent = count ? `Подписать ${documents(count)}` : "Подписать";
    this.part("sign").disabled = this.isRunning || !count || !this.list.chosen;
    this.part("stop").hidden = !this.isRunning;
  }

  async preview(row, { isQuiet = false } = {}) {
    for (const other of this.rows.values()) other.node.classList.toggle("is-shown", other === row);
    try {
      const item = { size: row.size, sha256: row.sha256, streebog256: row.streebog256 };
      const found = await exactBytes(row.url, item);
      await show(this.viewer, row, found, { folder: this.desk.dataset.pdf, mark: this.chosenWay === "test" ? "тестовая" : "" });
    } catch (failure) {
      row.failed(failure.message);
      return;
    }
    if (!isQuiet && window.matchMedia("(max-width: 1099px)").matches) this.viewer.scrollIntoView({ block: "start" });
  }

  async sign() {
    if (this.isRunning || !this.signer || !this.list.chosen) return;
    const files = this.chosenRows.map((row) => row.file);
    await this.#work(() => Operation.begin(files, "Подписание в браузере", this.place));
  }

  // Opens (or takes up) an operation and runs it to the end or to the first obstacle.
  async #work(opening) {
    this.isRunning = true;
    this.part("resume").hidden = true;
    this.part("stop").disabled = false;
    this.draw();
    try {
      const operation = await opening();
      const outcome = await this.runner.run(operation, this.signer, this.list.chosen);
      this.#ended(operation, outcome);
    } catch (failure) {
      this.list.tell(failure instanceof Trouble || failure.status !== undefined ? failure : new Trouble(`Не получилось: ${failure.message}`));
    } finally {
      this.isRunning = false;
      this.draw();
    }
  }

  tell(done, total, text) {
    this.part("job").hidden = false;
    this.part("job").classList.remove("is-failed");
    const bar = this.part("job-bar");
    bar.max = total;
    bar.value = done;
    this.part("job-figure").textContent = `${done} из ${total}`;
    this.part("job-text").textContent = text;
  }

  #ended(operation, { signed, total, failed, why }) {
    const isWhole = signed === total;
    this.tell(signed, total, isWhole ? "Готово: все подписи приняты." : why);
    this.part("job-title").textContent = isWhole ? "Подписано" : "Подписано не всё";
    if (!isWhole) {
      this.part("job").classList.add("is-failed");
      this.#offer(operation, failed && why ? why : "");
    }
    announce(`Подписано ${signed} из ${total}. ${why}`);
  }

  async #offerToGoOn() {
    const found = await Operation.interrupted(this.place);
    if (!found || found.items.some((item) => !this.rows.has(item.file))) return;
    for (const id of found.done) this.rows.get(id)?.done();
    this.#offer(found, "");
    this.draw();
  }

  #offer(operation, why) {
    const box = this.part("resume");
    this.part("resume-text").textContent = `Подписано ${operation.done.size} из ${operation.items.length}.${why ? ` ${why}` : ""}`;
    box.hidden = false;
    this.part("resume-go").onclick = () => {
      if (!this.signer || !this.list.chosen) {
        this.list.tell(new Trouble("Сначала выберите способ и сертификат, затем нажмите «Продолжить»."));
        return;
      }
      if (operation.expires > new Date()) this.#work(async () => operation);
      else this.#work(() => Operation.begin(operation.left.map((item) => item.file), "Подписание в браузере", this.place));
    };
    this.part("resume-drop").onclick = () => { store.remove(this.place.key); box.hidden = true; };
  }
}

each(document, "[data-signing]", (desk) => new Page(desk));
