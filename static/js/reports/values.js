// How a value of the server looks in a cell, and what is written back for it: text as a person would type it.

const GROUP = "\u00a0";

function day(value) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(value);
  return found ? `${found[3]}.${found[2]}.${found[1]}` : value;
}

function number(value, scale) {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole, rest = ""] = text.split(".");
  const part = scale === 2 ? rest.padEnd(2, "0") : rest;
  return whole.replace(/\B(?=(\d{3})+$)/g, GROUP) + (part ? `,${part}` : "");
}

function chosen(column, code) {
  return column.choices.find((one) => one.code === String(code))?.title ?? String(code);
}

export function words(column, cell) {
  if (!cell) return "";
  if (cell.error || cell.isTyped) return cell.raw ?? "";
  const value = cell.v;
  if (value === null || value === undefined || value === "") return "";
  if (column.type === "bool") return value ? "да" : "нет";
  if (column.type === "date") return day(String(value));
  if (["dec", "int", "pct"].includes(column.type)) return number(value, column.scale);
  if (Array.isArray(value)) return value.map((one) => chosen(column, one)).join("; ");
  return column.choices.length ? chosen(column, value) : String(value);
}

// What is sent to put the cell back as it was: codes for lists, text for the rest.
export function raw(column, cell) {
  if (!cell) return "";
  if (cell.error || cell.isTyped) return cell.raw ?? "";
  if (["enum", "menum", "ref", "list"].includes(column.type)) return cell.v ?? "";
  return words(column, cell);
}

export function isList(column) {
  return column.type === "bool" || (column.choices.length > 0 && ["enum", "ref"].includes(column.type));
}

export function choices(column) {
  if (column.type === "bool") return [{ code: "да", title: "да" }, { code: "нет", title: "нет" }];
  return column.choices;
}

export function isFixed(column, permissions) {
  return !permissions.edit || column.computed || (column.staff_only && !permissions.staff);
}

// Columns go to the clipboard both as text and as a table, so that Excel keeps the cells apart.
export function toClipboard(lines) {
  const quote = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const table = document.createElement("table");
  for (const line of lines) {
    const row = table.insertRow();
    for (const text of line) row.insertCell().textContent = text;
  }
  return { text: lines.map((line) => line.map(quote).join("\t")).join("\r\n"), html: table.outerHTML };
}
