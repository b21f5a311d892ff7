// A table of the form as a sheet: the grid library draws what is on the screen, the keys are those of Excel.
import { TabulatorFull as Tabulator } from "../../vendor/tabulator-tables/tabulator_esm.min.mjs";
import { element } from "../dom.js";
import { choices, isFixed, isList, raw, toClipboard, words } from "./values.js";

const ROWS_OF_PAGE = 15;

export class Grid {
  constructor(place, table, sheet, about) {
    Object.assign(this, { place, table, sheet, about });
    this.columns = table.columns;
    this.isReady = new Promise((done) => { this.ready = done; });
    this.view = new Tabulator(place, {
      index: "uid", data: sheet.rows.get(table.code), height: this.height(), layout: "fitData",
      placeholder: "Строк нет: вставьте из Excel (Ctrl+V) или добавьте строку",
      selectableRange: 1, selectableRangeColumns: true, selectableRangeRows: true, selectableRangeAutoFocus: false,
      editTriggerEvent: "dblclick", headerSortClickElement: "icon", renderHorizontal: "virtual",
      reactiveData: false, keybindings: { navUp: "38", navDown: "40", navLeft: "37", navRight: "39" },
      columnDefaults: { headerSort: false, resizable: "header" },
      rowHeader: { title: "№", formatter: (cell) => this.head(cell), width: 62, frozen: true, resizable: false, headerSort: false, cssClass: "rf-no" },
      columns: this.columns.map((column) => this.definition(column)),
    });
    this.view.on("tableBuilt", () => {
      // The part that takes the focus must have a role a grid may hold.
      place.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
      place.querySelector(".tabulator-table").setAttribute("role", "presentation");
      this.ready();
    });
    place.addEventListener("keydown", (event) => this.key(event), true);
    place.addEventListener("copy", (event) => this.copy(event));
    place.addEventListener("cut", (event) => { this.copy(event); this.clear(); });
  }

  height() { return `${Math.min(560, Math.max(200, 110 + this.sheet.rows.get(this.table.code).length * 36))}px`; }

  definition(column) {
    const fixed = isFixed(column, this.about.permissions);
    const head = element("span", { title: column.help || column.title }, column.title, column.required ? " *" : "");
    return {
      title: column.title, field: `f_${column.name}`, width: column.width, titleFormatter: () => head,
      hozAlign: ["dec", "int", "pct"].includes(column.type) ? "right" : "left",
      formatter: (cell) => this.draw(cell, column), editable: () => !fixed,
      editor: fixed ? undefined : (cell, shown, success, cancel) => this.editor(cell, column, shown, cancel),
    };
  }

  head(cell) {
    const row = this.row(cell), at = this.sheet.rows.get(this.table.code).indexOf(row) + 1;
    const node = element("button", { type: "button", class: "rf-head", tabindex: "-1", "data-card": row.uid, title: "Карточка строки" }, String(at));
    if (row.files) node.append(element("span", { class: "rf-clip", title: `Файлов: ${row.files}` }, ` ⊕${row.files}`));
    return node;
  }

  draw(cell, column) {
    const row = this.row(cell), value = row.cells[column.name], place = cell.getElement();
    const marks = this.about.marks(row.uid, column.name);
    place.classList.toggle("rf-error", Boolean(value?.error));
    place.classList.toggle("rf-warning", Boolean(value?.warning) && !value?.error);
    place.classList.toggle("rf-empty", column.required && !words(column, value));
    place.classList.toggle("rf-remark", Boolean(marks.remark));
    place.classList.toggle("rf-changed", Boolean(marks.changed));
    place.classList.toggle("rf-fixed", column.computed);
    place.title = [value?.error, value?.warning, marks.remark, marks.changed, value?.source].filter(Boolean).join("\n");
    return document.createTextNode(words(column, value));
  }

  editor(cell, column, shown, cancel) {
    const row = this.row(cell), value = row.cells[column.name], typed = this.typed;
    this.typed = null;
    const before = isList(column) ? String(raw(column, value)) : words(column, value);
    const input = isList(column)
      ? element("select", { "aria-label": column.title }, element("option", { value: "" }, ""),
        ...choices(column).map((one) => element("option", { value: one.code, selected: one.code === before }, one.title)))
      : element("input", { type: "text", "aria-label": column.title, inputmode: ["dec", "int", "pct"].includes(column.type) ? "decimal" : null });
    if (!isList(column)) input.value = before;
    const start = input.value;
    if (typed !== null && typed !== undefined && !isList(column)) input.value = typed;
    // The page's own model takes the value: the library's copy would miss an undo and a server's correction.
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      cancel();
      if (input.value !== start) this.sheet.write(this.table.code, [{ uid: row.uid, name: column.name, raw: input.value }]);
    };
    shown(() => { input.focus(); if (!typed && input.select) input.select(); });
    input.addEventListener("blur", end);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); isOver = true; cancel(); }
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault(); event.stopPropagation();
        end();
        this.move(event.key === "Enter" ? (event.shiftKey ? -1 : 1) : 0, event.key === "Tab" ? (event.shiftKey ? -1 : 1) : 0);
      }
    });
    return input;
  }

  row(cell) { return this.sheet.byUid.get(cell.getData().uid); }
  range() { return this.view.modules.selectRange.activeRange; }
  rows() { return this.sheet.rows.get(this.table.code); }

  // Rows and columns of the selected block.
  block() {
    const range = this.range();
    if (!range || !this.rows().length) return { rows: [], columns: [] };
    return { rows: this.rows().slice(range.top, range.bottom + 1), columns: this.columns.slice(Math.max(0, range.left - 1), range.right) };
  }

  here() {
    const range = this.range();
    return { uid: this.rows()[range?.start.row]?.uid, column: this.columns[Math.max(0, (range?.start.col ?? 1) - 1)]?.name };
  }

  go(row, column) {
    const range = this.range(), manager = this.view.modules.selectRange;
    const at = Math.max(0, Math.min(this.rows().length - 1, row)), col = Math.max(1, Math.min(this.columns.length, column));
    if (!range || !this.rows().length) return;
    range.setStart(at, col);
    range.setEnd(at, col);
    this.view.scrollToRow(this.rows()[at].uid, "nearest", false)?.catch?.(() => null);
    this.view.scrollToColumn(`f_${this.columns[col - 1].name}`, "nearest", false)?.catch?.(() => null);
    manager.layoutElement(true);
    this.place.querySelector(".tabulator-tableholder").focus({ preventScroll: true });
  }

  move(down, right) {
    const { row, col } = this.range().start;
    if (right && col + right > this.columns.length) this.go(row + 1, 1);
    else if (down > 0 && row + down >= this.rows().length && this.about.permissions.edit) this.add().then(() => this.go(row + 1, col));
    else this.go(row + down, col + right);
  }

  jump(uid, column) {
    const row = this.rows().findIndex((one) => one.uid === uid);
    if (row >= 0) this.go(row, this.columns.findIndex((one) => one.name === column) + 1);
  }

  key(event) {
    if (event.target.matches("input, select, textarea")) return;
    const held = event.ctrlKey || event.metaKey, range = this.range(), work = this.action(event, held, range);
    if (!work) return;
    event.preventDefault();
    event.stopPropagation();
    work();
  }

  action(event, held, range) {
    const at = range?.start ?? { row: 0, col: 1 }, code = event.code;
    if (held && code === "KeyZ") return () => (event.shiftKey ? this.sheet.redo() : this.sheet.undo());
    if (held && code === "KeyY") return () => this.sheet.redo();
    if (held && code === "KeyD") return () => this.fill();
    if (held && event.key === "Home") return () => this.go(0, 1);
    if (held && event.key === "End") return () => this.go(this.rows().length, this.columns.length);
    if (held || event.altKey) return null;
    const simple = {
      Tab: () => this.move(0, event.shiftKey ? -1 : 1), Home: () => this.go(at.row, 1), End: () => this.go(at.row, this.columns.length),
      PageUp: () => this.go(at.row - ROWS_OF_PAGE, at.col), PageDown: () => this.go(at.row + ROWS_OF_PAGE, at.col),
      Delete: () => this.clear(), Backspace: () => this.clear(), F2: () => this.edit(), Enter: () => this.edit(),
    };
    if (event.key === "Tab" && (event.shiftKey ? at.row === 0 && at.col <= 1 : at.row >= this.rows().length - 1 && at.col >= this.columns.length)) return null;
    if (simple[event.key]) return simple[event.key];
    return event.key.length === 1 ? () => this.edit(event.key) : null;
  }

  edit(typed = null) {
    const { uid, column } = this.here();
    this.typed = typed;
    if (uid && !isFixed(this.sheet.column(this.table.code, column), this.about.permissions)) {
      this.view.getRow(uid).getCell(`f_${column}`).edit(true);
    }
  }

  set(text) {
    const { rows, columns } = this.block();
    const open = columns.filter((column) => !isFixed(column, this.about.permissions));
    this.sheet.write(this.table.code, rows.flatMap((row, index) => open.map((column) => ({ uid: row.uid, name: column.name, raw: text(rows, column, index) }))));
  }

  clear() { this.set(() => ""); }

  // Ctrl+D: the first row of the block goes down; of a single cell, the one above it.
  fill() {
    const { rows } = this.block(), above = rows.length > 1 ? rows[0] : this.rows()[this.range().top - 1];
    if (above) this.set((_, column) => raw(column, above.cells[column.name]));
  }

  copy(event) {
    if (event.target.matches("input, textarea")) return;
    const { rows, columns } = this.block();
    const { text, html } = toClipboard(rows.map((row) => columns.map((column) => words(column, row.cells[column.name]))));
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
    event.stopPropagation();
  }

  async add() {
    const made = this.sheet.insert(this.table.code, this.rows().length ? this.here().uid ?? null : null);
    await this.redraw();
    this.go(this.rows().findIndex((row) => row.uid === made[0]), 1);
  }

  // Only the rows that changed are drawn anew; all of them when rows came or went.
  async redraw(uids = null) {
    await this.isReady;
    if (uids === null) {
      this.view.setHeight(this.height());
      await this.view.replaceData(this.rows());
    } else {
      for (const uid of uids) {
        const row = this.view.getRow(uid);
        if (row) row.reformat();
      }
    }
  }
}
