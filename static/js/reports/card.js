// Fields of one row: the cards of the form, and the card of an employee, an object, a machine with its files.
import { call } from "../http.js";
import { element } from "../dom.js";
import { choices, isFixed, isList, raw, words } from "./values.js";

let count = 0;

function control(column, cell, permissions) {
  const id = `rf-${(count += 1)}`, fixed = isFixed(column, permissions);
  const shared = { id, disabled: fixed, "aria-describedby": `${id}-note`, "data-name": column.name };
  if (isList(column)) {
    const now = column.type === "bool" ? words(column, cell) : String(raw(column, cell));
    return element("select", shared, element("option", { value: "" }, "не выбрано"),
      ...choices(column).map((one) => element("option", { value: one.code, selected: one.code === now }, one.title)));
  }
  if (column.type === "text" || column.type === "list" || (column.type === "str" && column.length > 200)) {
    const area = element("textarea", { ...shared, rows: "2" });
    area.value = words(column, cell);
    return area;
  }
  const input = element("input", { type: "text", ...shared, placeholder: column.type === "date" ? "дд.мм.гггг" : null });
  input.value = words(column, cell);
  return input;
}

// One labelled field; what is typed goes where every other change goes, undo and all.
export function field(sheet, table, row, column, marks) {
  const cell = row.cells[column.name], input = control(column, cell, sheet.data.permissions);
  const notes = [["text-bad", cell?.error], ["text-waiting", cell?.warning], ["text-bad", marks.remark], ["text-waiting", marks.changed], ["muted", cell?.source]].filter(([, text]) => text);
  input.addEventListener("change", () => sheet.write(table.code, [{ uid: row.uid, name: column.name, raw: input.value }]));
  return element("div", { class: `field rf-field${cell?.error ? " rf-error" : ""}`, "data-cell": `${row.uid}/${column.name}` },
    element("label", { for: input.id, title: column.help || null }, column.title, column.required ? " *" : ""), input,
    element("div", { id: `${input.id}-note`, class: "rf-notes" }, ...notes.map(([tone, text]) => element("small", { class: tone }, text))));
}

// A new drawing must not take the field from under the hands.
export function drawFields(place, sheet, table, row, marks) {
  const active = place.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  if (active && document.activeElement.matches("input, textarea") && place.dataset.row === row.uid) {
    for (const column of table.columns) {
      const old = place.querySelector(`[data-cell="${row.uid}/${column.name}"]`);
      if (old && column.name !== active) old.replaceWith(field(sheet, table, row, column, marks(row.uid, column.name)));
    }
    return;
  }
  place.dataset.row = row.uid;
  place.replaceChildren(...table.columns.map((column) => field(sheet, table, row, column, marks(row.uid, column.name))));
  if (active) place.querySelector(`[data-name="${active}"]`)?.focus();
}

export class RowCard {
  constructor(dialog, sheet, marks, told) {
    Object.assign(this, { dialog, sheet, marks, told });
    this.find = (name) => dialog.querySelector(`[data-${name}]`);
    this.find("close-card").addEventListener("click", () => dialog.close());
    this.find("previous").addEventListener("click", () => this.step(-1));
    this.find("following").addEventListener("click", () => this.step(1));
    this.find("files-input").addEventListener("change", (event) => { this.attach(this.uid, event.target.files); event.target.value = ""; });
    sheet.listen((code, uids) => { if (dialog.open && code === this.table.code && (uids === null || uids.has(this.uid))) this.draw(); });
  }

  open(table, uid) {
    Object.assign(this, { table, uid });
    this.draw();
    this.files();
    if (!this.dialog.open) this.dialog.showModal();
  }

  draw() {
    const rows = this.sheet.rows.get(this.table.code), at = rows.findIndex((row) => row.uid === this.uid);
    if (at < 0) { this.dialog.close(); return; }
    this.find("card-title").textContent = `${this.table.title}: строка ${at + 1} из ${rows.length}`;
    this.find("previous").disabled = at === 0;
    this.find("following").disabled = at === rows.length - 1;
    drawFields(this.find("card-fields"), this.sheet, this.table, rows[at], this.marks);
  }

  step(by) {
    const rows = this.sheet.rows.get(this.table.code);
    const next = rows[rows.findIndex((row) => row.uid === this.uid) + by];
    if (next) this.open(this.table, next.uid);
  }

  async files() {
    const list = this.find("card-files");
    list.replaceChildren();
    const uid = this.uid;
    try {
      await this.sheet.saving.flush();
      const { data } = await call(`${this.sheet.data.urls.base}/rows/${uid}/files`);
      if (uid === this.uid) list.replaceChildren(...data.files.map((file) => element("li", {}, element("a", { href: file.url }, file.name))));
    } catch (failure) {
      this.told(failure.message, "bad");
    }
  }

  async attach(uid, files) {
    const row = this.sheet.byUid.get(uid);
    for (const file of files) {
      const form = new FormData();
      form.append("file", file);
      try {
        await this.sheet.saving.flush();
        const { data } = await call(`${this.sheet.data.urls.base}/rows/${uid}/files`, { method: "POST", form });
        row.files += data.files.length;
        this.told(`Файл «${file.name}» приложен к строке`, "good");
      } catch (failure) {
        this.told(`${file.name}: ${failure.message}`, "bad");
      }
    }
    for (const [code, rows] of this.sheet.rows) if (rows.includes(row)) this.sheet.tell(code, new Set([uid]));
    if (this.dialog.open) await this.files();
  }
}
