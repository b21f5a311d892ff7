// The preview of a paste or a workbook: columns, recognised values, errors and what would be overwritten; then all or nothing.
import { call } from "../http.js";
import { element, plural } from "../dom.js";
import { words } from "./values.js";

const SHOWN = 60;
const LISTED = 40;

export class Preview {
  constructor(dialog, sheet, told) {
    Object.assign(this, { dialog, sheet, told });
    this.body = dialog.querySelector("[data-preview]");
    this.accept = dialog.querySelector("[data-accept]");
    this.accept.addEventListener("click", () => this.apply());
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  }

  url(tail) { return `${this.sheet.data.urls.base}/tables/${this.code}/${tail}`; }

  async paste(code, transfer, at) {
    const html = transfer.getData("text/html"), text = transfer.getData("text/plain");
    const isTable = /<table/i.test(html);
    if (!isTable && !text) return;
    this.code = code;
    this.asked = { payload: isTable ? html : text, html: isTable, at };
    await this.ask(() => call(this.url("paste"), { method: "POST", json: this.asked }));
  }

  async upload(code, file) {
    this.code = code;
    this.asked = null;
    const form = new FormData();
    form.append("file", file);
    await this.ask(() => call(this.url("upload"), { method: "POST", form }));
  }

  async ask(work) {
    this.dialog.dataset.state = "asking";
    try {
      await this.sheet.saving.flush();
      this.show((await work()).data);
    } catch (failure) {
      this.told(failure.message, "bad");
    }
  }

  show(answer) {
    this.answer = answer;
    const columns = this.sheet.table(this.code).columns;
    const used = Object.entries(answer.mapping).filter(([, name]) => name);
    const count = answer.rows.length, added = answer.targets.filter((uid) => !uid).length;
    this.accept.disabled = !answer.token || !count;
    const say = `${count} ${plural(count, "строка", "строки", "строк")}: новых ${added}, поверх имеющихся ${count - added}; ошибок ${answer.errors.length}, предупреждений ${answer.warnings.length}`;
    this.body.replaceChildren(
      answer.error ? element("p", { class: "alert alert-bad" }, answer.error.text ?? answer.error.title ?? "Таблица не распознана") : element("p", { class: "lead", "data-sum": true }, say),
      this.mapping(columns), this.table(columns.filter((one) => used.some(([, name]) => name === one.name))),
      this.list("Ошибки: эти ячейки войдут как есть и будут отмечены", answer.errors.map((one) => `Строка ${one.no}. ${one.text} («${one.raw}»)`), "bad"),
      this.list("Предупреждения", answer.warnings.map((one) => (one.no ? `Строка ${one.no}. ${one.text}` : one.text)), "waiting"),
      this.list("Будет заменено", answer.conflicts.map((one) => this.conflict(one)), "waiting"),
    );
    this.dialog.dataset.state = "shown";
    if (!this.dialog.open) this.dialog.showModal();
    this.accept.focus();
  }

  conflict({ row, column, was, now }) {
    const about = this.sheet.column(this.code, column);
    return `Строка ${row + 1}. ${about.title}: «${words(about, { v: was })}» → «${words(about, { v: now }) || "пусто"}»`;
  }

  list(title, lines, tone) {
    if (!lines.length) return "";
    const rest = lines.length - LISTED;
    return element("details", { open: true, class: `rf-list rf-${tone}` }, element("summary", {}, `${title} (${lines.length})`),
      element("ul", {}, ...lines.slice(0, LISTED).map((line) => element("li", {}, line)), rest > 0 ? element("li", { class: "muted" }, `и ещё ${rest}`) : null));
  }

  // Which column of the source goes where; changing it asks the server again.
  mapping(columns) {
    const { mapping, sources } = this.answer;
    const places = Object.keys({ ...sources, ...mapping }).sort((one, other) => one - other);
    if (!this.asked || !places.length) return "";
    return element("details", { class: "rf-list" }, element("summary", {}, "Сопоставление граф"), element("div", { class: "rf-mapping" },
      ...places.map((index) => {
        const select = element("select", { "data-source": index }, element("option", { value: "" }, "не вставлять"),
          ...columns.filter((one) => !one.computed).map((one) => element("option", { value: one.name, selected: mapping[index] === one.name }, one.title)));
        select.addEventListener("change", () => this.remap());
        return element("label", { class: "field" }, sources[index] || `Графа ${Number(index) + 1}`, select);
      })));
  }

  remap() {
    const chosen = [...this.body.querySelectorAll("[data-source]")].map((one) => [one.dataset.source, one.value || null]);
    this.asked = { ...this.asked, mapping: Object.fromEntries(chosen) };
    this.ask(() => call(this.url("paste"), { method: "POST", json: this.asked }));
  }

  table(columns) {
    const head = element("tr", {}, element("th", { scope: "col" }, "№"), ...columns.map((one) => element("th", { scope: "col" }, one.title)));
    const lines = this.answer.rows.slice(0, SHOWN).map((row, index) => element("tr", {}, element("th", { scope: "row" }, String(index + 1)),
      ...columns.map((one) => element("td", { class: row[one.name]?.error ? "rf-error" : row[one.name]?.warning ? "rf-warning" : null }, words(one, row[one.name])))));
    const rest = this.answer.rows.length - lines.length;
    return element("div", { class: "rf-preview", tabindex: "0", role: "region", "aria-label": "Что будет вставлено" },
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)), rest > 0 ? element("p", { class: "muted" }, `и ещё ${rest}`) : "");
  }

  async apply() {
    this.accept.disabled = true;
    try {
      const { data } = await call(this.url(`paste/${this.answer.token}`), { method: "POST", json: {} });
      await this.sheet.pasted(this.code, data);
      this.dialog.close();
      this.dialog.dataset.state = "done";
      this.told("Вставлено. Отменить: Ctrl+Z", "good");
    } catch (failure) {
      this.accept.disabled = false;
      this.told(failure.message, "bad");
    }
  }
}
