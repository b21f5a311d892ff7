// The form as the page knows it: rows by table, every change with its opposite, what came back from the server.
import { call } from "../http.js";
import { raw } from "./values.js";

const PAGE = 5000;

export class Sheet {
  constructor(data, saving) {
    this.data = data;
    this.saving = saving;
    this.rows = new Map();
    this.byUid = new Map();
    this.done = [];
    this.undone = [];
    this.listeners = [];
    for (const [code, row] of Object.entries(data.fields)) this.rows.set(code, [row]);
    for (const list of this.rows.values()) for (const row of list) this.byUid.set(row.uid, row);
  }

  table(code) { return this.data.form.tables.find((one) => one.code === code); }
  column(code, name) { return this.table(code).columns.find((one) => one.name === name); }
  listen(work) { this.listeners.push(work); }
  tell(code, uids) { for (const work of this.listeners) work(code, uids); }

  async load(code) {
    const rows = [];
    for (let total = 1; rows.length < total;) {
      const { data } = await call(`${this.data.urls.base}/tables/${code}?from=${rows.length}&count=${PAGE}`);
      rows.push(...data.rows);
      total = data.rows.length ? data.total : 0;
    }
    this.rows.set(code, rows);
    for (const row of rows) this.byUid.set(row.uid, row);
    return rows;
  }

  // Cells: [{uid, name, raw}]. One step of the undo, whatever their number.
  write(code, cells) {
    const forward = [], back = [];
    for (const { uid, name, raw: text } of cells) {
      const row = this.byUid.get(uid);
      back.push({ uid, cell: { [name]: raw(this.column(code, name), row.cells[name]) } });
      forward.push({ uid, cell: { [name]: text } });
    }
    if (forward.length) this.step(code, forward, back.reverse());
  }

  insert(code, after, count = 1) {
    const made = Array.from({ length: count }, () => crypto.randomUUID());
    const forward = made.map((uid, index) => ({ insert: { uid, after: index ? made[index - 1] : after, cells: {} } }));
    this.step(code, forward, made.map((uid) => ({ delete: uid })).reverse());
    return made;
  }

  remove(code, uids) {
    const rows = this.rows.get(code);
    const back = uids.map((uid) => ({ insert: { uid, after: rows[rows.findIndex((row) => row.uid === uid) - 1]?.uid ?? "", cells: {} } }));
    this.step(code, uids.map((uid) => ({ delete: uid })), back);
  }

  step(code, forward, back) {
    this.done.push({ code, forward, back });
    this.undone.length = 0;
    this.apply(code, forward);
  }

  undo() { this.turn(this.done, this.undone, "back"); }
  redo() { this.turn(this.undone, this.done, "forward"); }

  turn(from, to, way) {
    const step = from.pop();
    if (!step) return;
    to.push(step);
    this.apply(step.code, step[way]);
  }

  apply(code, changes) {
    const touched = new Set();
    let isNew = false;
    const sent = changes.map((change) => {
      isNew = this.show(code, change, touched) || isNew;
      const row = this.byUid.get(change.uid);
      return { table: code, change: change.cell ? { ...change, version: row?.version } : change };
    });
    this.saving.put(sent);
    this.tell(code, isNew ? null : touched);
  }

  // What the change does to the rows at hand before the server answers.
  show(code, change, touched) {
    const rows = this.rows.get(code);
    if (change.cell) {
      const row = this.byUid.get(change.uid);
      for (const [name, value] of Object.entries(change.cell)) {
        const column = this.column(code, name);
        const known = Array.isArray(value) || column.choices.some((one) => one.code === value);
        row.cells[name] = known ? { v: value } : { v: null, raw: value, isTyped: true };
      }
      touched.add(change.uid);
      return false;
    }
    if (change.insert) {
      const { uid, after } = change.insert;
      const row = this.byUid.get(uid) ?? { uid, version: undefined, cells: {}, files: 0 };
      this.byUid.set(uid, row);
      const at = after === null ? rows.length : rows.findIndex((one) => one.uid === after) + 1;
      rows.splice(at, 0, row);
    } else {
      const at = rows.findIndex((one) => one.uid === change.delete);
      if (at >= 0) rows.splice(at, 1);
    }
    return true;
  }

  // Rows as the server has them; a cell with a later change of ours still waiting keeps ours.
  take(code, rows) {
    const waiting = new Set(this.saving.queue.flatMap(({ change }) =>
      change.cell ? Object.keys(change.cell).map((name) => `${change.uid}/${name}`) : []));
    const touched = new Set();
    for (const fresh of rows) {
      const row = this.byUid.get(fresh.uid);
      if (!row) continue;
      const mine = Object.entries(row.cells).filter(([name]) => waiting.has(`${row.uid}/${name}`));
      Object.assign(row, { version: fresh.version, cells: { ...fresh.cells, ...Object.fromEntries(mine) } });
      touched.add(row.uid);
    }
    this.tell(code, touched);
  }

  // A pasted block is one step: what stood there comes back, what was added goes away.
  async pasted(code, answer) {
    const columns = this.table(code).columns;
    const back = Object.entries(answer.before).map(([uid, cells]) => ({ uid, cell: Object.fromEntries(
      Object.entries(cells).map(([name, value]) => [name, raw(columns.find((one) => one.name === name), { v: value })])) }));
    back.push(...answer.added.map((uid) => ({ delete: uid })));
    await this.load(code);
    const forward = answer.added.map((uid) => ({ insert: { uid, after: null, cells: {} } }));
    for (const [uid, cells] of Object.entries(answer.before)) {
      const now = this.byUid.get(uid).cells;
      forward.push({ uid, cell: Object.fromEntries(Object.keys(cells).map((name) => [name, raw(columns.find((one) => one.name === name), now[name])])) });
    }
    this.done.push({ code, forward, back });
    this.undone.length = 0;
    this.tell(code, null);
  }
}
