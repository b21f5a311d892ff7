// Lists beside the tables: errors, warnings, remarks, differences and conflicts; each line leads to its cell.
import { call } from "../http.js";
import { element } from "../dom.js";
import { raw, words } from "./values.js";

const MOST = 200;

export class Panels {
  constructor(place, sheet, jump) {
    Object.assign(this, { place, sheet, jump, conflicts: [] });
    this.index();
  }

  index() {
    const { remarks, diff } = this.sheet.data;
    this.marked = new Map();
    const mark = (uid, column, key, text) => this.marked.set(`${uid}/${column}`, { ...this.marked.get(`${uid}/${column}`), [key]: text });
    for (const one of remarks) if (!one.closed_at) mark(one.uid, one.column, "remark", `Замечание: ${one.text}`);
    for (const row of diff.rows) for (const [name, pair] of Object.entries(row.cells)) mark(row.uid, name, "changed", row.what === "added" ? "Добавлено" : `Было: ${pair.was || "пусто"}`);
  }

  marks(uid, column) { return this.marked.get(`${uid}/${column}`) ?? {}; }

  async refresh() {
    const { data } = await call(`${this.sheet.data.urls.base}/faults`);
    Object.assign(this.sheet.data, data);
    this.draw();
  }

  line(one, text, ...more) {
    const go = element("button", { type: "button", class: "rf-jump" }, text);
    go.addEventListener("click", () => this.jump(one.table, one.uid, one.column));
    return element("li", {}, go, ...more);
  }

  list(name, title, lines, tone, open = true) {
    if (!lines.length) return "";
    const rest = lines.length - MOST;
    return element("details", { class: `rf-list rf-${tone}`, open, "data-panel": name }, element("summary", {}, `${title} (${lines.length})`),
      element("ul", {}, ...lines.slice(0, MOST), rest > 0 ? element("li", { class: "muted" }, `и ещё ${rest}`) : null));
  }

  draw() {
    const { errors, warnings, remarks, diff } = this.sheet.data;
    const open = remarks.filter((one) => !one.closed_at), closed = remarks.length - open.length;
    const shut = new Set([...this.place.querySelectorAll("details:not([open])")].map((one) => one.dataset.panel));
    this.place.replaceChildren(
      this.list("conflicts", "Изменено другим человеком", this.conflicts.map((one) => this.conflict(one)), "bad"),
      this.list("remarks", `Замечания куратора, снято ${closed} из ${remarks.length}`, open.map((one) => this.remark(one)), "bad"),
      this.list("errors", "Ошибки", errors.map((one) => this.line(one, `${one.row ? `${one.row}. ` : ""}${one.text}`)), "bad"),
      this.list("warnings", "Предупреждения: отправке не мешают", warnings.map((one) => this.line(one, `${one.row ? `${one.row}. ` : ""}${one.text}`)), "waiting"),
      this.list("diff", `Изменения ${diff.title}`, diff.rows.map((one) => this.line({ ...one, column: Object.keys(one.cells)[0] },
        `${{ added: "Добавлено", removed: "Убрано", changed: "Изменено" }[one.what]}: ${one.title || this.sheet.table(one.table).title}`)), "plain", false),
    );
    for (const one of this.place.querySelectorAll("details")) if (shut.has(one.dataset.panel)) one.open = false;
  }

  remark(one) {
    const close = element("button", { type: "button", class: "btn btn-small" }, "Снять");
    close.addEventListener("click", () => this.say(one, { close: one.id }));
    return this.line(one, one.text, element("small", { class: "muted" }, ` ${one.by} `), this.sheet.data.permissions.close ? close : null);
  }

  async say(place, json) {
    const url = `${this.sheet.data.urls.base}/cells/${place.table}/${place.uid}/${place.column || "-"}/remarks`;
    const { data } = await call(url, { method: "POST", json });
    this.sheet.data.remarks = data.remarks;
    this.index();
    this.draw();
    this.sheet.tell(place.table, new Set([place.uid]));
  }

  met(table, conflicts) {
    for (const one of conflicts) {
      const typed = this.sheet.byUid.get(one.uid).cells[one.column];
      this.conflicts.push({ ...one, table, mine: raw(this.sheet.column(table, one.column), typed) });
    }
    if (conflicts.length) this.draw();
  }

  conflict(one) {
    const column = this.sheet.column(one.table, one.column);
    const time = new Date(one.at).toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit" });
    const answer = (title, work) => {
      const button = element("button", { type: "button", class: "btn btn-small" }, title);
      button.addEventListener("click", () => { work(); this.conflicts.splice(this.conflicts.indexOf(one), 1); this.draw(); });
      return button;
    };
    return this.line(one, `${column.title}: изменил(а) ${one.who} в ${time}: «${words(column, one.theirs) || "пусто"}», ваше: «${one.mine || "пусто"}»`,
      answer("Оставить ваше", () => {
        this.sheet.byUid.get(one.uid).cells[one.column] = { v: null, raw: one.mine, isTyped: true };
        this.sheet.saving.put([{ table: one.table, change: { uid: one.uid, cell: { [one.column]: one.mine }, force: true, version: one.version } }]);
        this.sheet.tell(one.table, new Set([one.uid]));
      }), answer("Взять другое", () => {
        this.sheet.byUid.get(one.uid).cells[one.column] = one.theirs;
        this.sheet.tell(one.table, new Set([one.uid]));
      }));
  }
}
