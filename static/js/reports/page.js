// The page of a report form: reads what the server gave, starts the tables, the lists and the saving.
import { call } from "../http.js";
import { element, plural } from "../dom.js";
import { toast } from "../toast.js";
import { drawFields, RowCard } from "./card.js";
import { Grid } from "./grid.js";
import { Panels } from "./panels.js";
import { Preview } from "./paste.js";
import { Saving } from "./saving.js";
import { Sheet } from "./sheet.js";
import { words } from "./values.js";

const PULSE = 10000;
const FAULTS = 1500;
const CARDS = 50;
const root = document.querySelector("[data-report-form]");
const data = JSON.parse(document.getElementById("report-data").textContent);
const find = (name, from = root) => from.querySelector(`[data-${name}]`);
const isNarrow = matchMedia("(max-width: 700px)");
const grids = new Map();
let later = 0, stamp = data.report.stamp;

const saving = new Saving(data.urls.base, data.permissions.user, find("saved"), heard);
const sheet = new Sheet(data, saving);
const panels = new Panels(find("panels"), sheet, jump);
const marks = (uid, column) => panels.marks(uid, column);
const preview = new Preview(document.getElementById("rf-preview"), sheet, toast);
const card = new RowCard(document.getElementById("rf-card"), sheet, marks, toast);

function heard(table, answer) {
  if (answer) {
    sheet.take(table, answer.rows);
    panels.met(table, answer.conflicts);
    showProgress(answer.progress);
  } else {
    toast(find("saved").textContent, "bad");
    for (const code of grids.keys()) sheet.load(code).then(() => sheet.tell(code, null), (failure) => toast(failure.message, "bad"));
  }
  clearTimeout(later);
  later = setTimeout(() => panels.refresh().catch((failure) => toast(failure.message, "bad")), FAULTS);
}

function showProgress({ percent, lacking, wrong }) {
  find("percent").value = percent;
  find("percent-text").textContent = `${percent}\u00a0%${lacking ? `, пустых обязательных: ${lacking}` : ""}${wrong ? `, с ошибкой: ${wrong}` : ""}`;
}

function jump(code, uid, column) {
  if (!sheet.byUid.has(uid)) return;
  if (sheet.table(code).is_single) {
    const place = root.querySelector(`[data-cell="${uid}/${column}"]`);
    place?.scrollIntoView({ block: "center" });
    place?.querySelector("input, select, textarea")?.focus();
  } else if (isNarrow.matches) {
    card.open(sheet.table(code), uid);
  } else {
    grids.get(code).place.scrollIntoView({ block: "nearest" });
    grids.get(code).jump(uid, column);
  }
}

function drawCards(table, place) {
  const rows = sheet.rows.get(table.code), shown = Number(place.dataset.shown || CARDS);
  const main = [...table.columns.filter((one) => one.required), ...table.columns].slice(0, 4);
  const items = rows.slice(0, shown).map((row, index) => {
    const [head, ...rest] = main.map((column) => words(column, row.cells[column.name])).filter(Boolean);
    const isWrong = Object.values(row.cells).some((cell) => cell.error);
    return element("li", {}, element("button", { type: "button", class: `rf-row${isWrong ? " rf-error" : ""}`, "data-card": row.uid },
      element("strong", {}, `${index + 1}. ${head ?? "Новая строка"}`), element("span", { class: "muted" }, rest.join(" · "))));
  });
  if (rows.length > shown) {
    const more = element("button", { type: "button", class: "btn" }, `Показать ещё (${rows.length - shown})`);
    more.addEventListener("click", () => { place.dataset.shown = shown + CARDS; drawCards(table, place); });
    items.push(element("li", {}, more));
  }
  place.replaceChildren(...items);
}

async function startTable(section) {
  const table = sheet.table(section.dataset.table), cards = find("cards", section), place = find("grid", section);
  await sheet.load(table.code);
  const count = () => {
    const rows = sheet.rows.get(table.code).length;
    find("count", section).textContent = `${rows} ${plural(rows, "строка", "строки", "строк")}`;
    drawCards(table, cards);
  };
  count();
  const grid = new Grid(place, table, sheet, { permissions: data.permissions, marks });
  grids.set(table.code, grid);
  sheet.listen((code, uids) => { if (code === table.code) { count(); grid.redraw(uids); } });
  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-card]");
    if (button) card.open(table, button.dataset.card);
  });
  place.addEventListener("paste", (event) => {
    if (!data.permissions.edit || event.target.matches("input, textarea")) return;
    event.preventDefault();
    event.stopPropagation();
    preview.paste(table.code, event.clipboardData, grid.here());
  }, true);
  startButtons(section, table, grid);
  startDrop(place, card);
  await grid.isReady;
}

function startButtons(section, table, grid) {
  const press = (name, work) => find(name, section)?.addEventListener("click", work);
  press("add", async () => {
    if (!isNarrow.matches) { await grid.add(); return; }
    card.open(table, sheet.insert(table.code, null)[0]);
  });
  press("remove", () => sheet.remove(table.code, grid.block().rows.map((row) => row.uid)));
  press("undo", () => sheet.undo());
  press("redo", () => sheet.redo());
  press("fill", () => grid.fill());
  press("remark", () => {
    const { uid, column } = grid.here();
    const text = uid && prompt(`Замечание к ячейке «${sheet.column(table.code, column).title}»`);
    if (text) panels.say({ table: table.code, uid, column }, { text }).catch((failure) => toast(failure.message, "bad"));
  });
  find("upload", section)?.addEventListener("change", (event) => {
    if (event.target.files[0]) preview.upload(table.code, event.target.files[0]);
    event.target.value = "";
  });
}

// A file dropped on a row belongs to that row.
function startDrop(place, rows) {
  place.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  place.addEventListener("drop", (event) => {
    const uid = event.target.closest(".tabulator-row")?.querySelector("[data-card]")?.dataset.card;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    if (uid) rows.attach(uid, event.dataTransfer.files);
  });
}

function startCard(section) {
  const table = sheet.table(section.dataset.single), place = find("fields", section);
  const draw = () => { const [row] = sheet.rows.get(table.code) ?? []; if (row) drawFields(place, sheet, table, row, marks); };
  draw();
  sheet.listen((code) => { if (code === table.code) draw(); });
}

async function pulse() {
  try {
    const { data: now } = await call(`${data.urls.base}/pulse?since=${stamp}`);
    if (!now) return;
    stamp = now.stamp;
    find("here").textContent = now.here.length ? `Сейчас здесь: ${now.here.map((one) => one.name).join(", ")}` : "";
    const isIdle = !saving.queue.length && !saving.isSending;
    for (const [code, rows] of Object.entries(now.rows)) {
      if (isIdle && rows.some((row) => !sheet.byUid.has(row.uid))) { await sheet.load(code); sheet.tell(code, null); }
      else sheet.take(code, rows.filter((row) => row.version > (sheet.byUid.get(row.uid)?.version ?? 0)));
    }
    showProgress(now.progress);
  } catch (failure) {
    if (failure.isSessionEnded || failure.isOffline) saving.say(failure.message, "bad");
    else throw failure;
  }
}

async function begin() {
  showProgress(data.report.progress);
  for (const section of root.querySelectorAll("[data-table]")) await startTable(section);
  const found = await saving.recover();
  for (const { table, change } of found) {
    const touched = new Set();
    if (!change.delete || sheet.byUid.has(change.delete)) {
      if (!change.cell || sheet.byUid.has(change.uid)) sheet.show(table, change, touched);
    }
    sheet.tell(table, null);
  }
  if (found.length) toast("Восстановлено то, что не успело сохраниться", "info");
  for (const section of root.querySelectorAll("[data-single]")) startCard(section);
  find("nil")?.addEventListener("change", async (event) => {
    try {
      await call(`${data.urls.base}/fields`, { method: "PATCH", json: { fields: { nil: event.target.checked } } });
      location.reload();
    } catch (failure) {
      event.target.checked = !event.target.checked;
      toast(failure.message, "bad");
    }
  });
  panels.draw();
  setInterval(pulse, PULSE);
  root.dataset.ready = "1";
}

begin().catch((failure) => { toast(failure.message, "bad"); throw failure; });
