// Signature files made elsewhere: several at once, dropped or chosen; each tells how it was taken (S-05).
import { element, icon } from "../dom.js";
import { call } from "../http.js";

const MOST = 5 * 1024 * 1024;

function line(file, list) {
  const state = element("span", { class: "up-state" }, "проверяем…");
  const node = element("li", {}, element("span", { class: "up-name" }, file.name), state);
  list.append(node);
  return { node, state };
}

async function send(form, file, list, rows) {
  const { node, state } = line(file, list);
  const bad = (text) => { node.classList.add("is-bad"); state.replaceChildren(icon("alert-circle"), ` ${text}`); };
  if (file.size > MOST) { bad("Файл больше 5 МБ: это не открепленная подпись."); return; }
  const body = new FormData();
  body.append("file", file, file.name);
  try {
    const { data } = await call(form.action, { method: "POST", form: body });
    for (const item of data.items) {
      if (!item.accepted) { bad(item.text); continue; }
      rows.get(item.file)?.result(item);
      state.replaceChildren(icon(item.mood === "valid" ? "seal" : "alert"), ` ${item.document}: ${item.text}`);
      if (item.mood === "invalid") node.classList.add("is-bad");
    }
  } catch (failure) {
    bad(failure.message);
  }
}

export function start(form, rows) {
  const list = form.querySelector("[data-signature-results]");
  const field = form.querySelector("input[type=file]");
  const take = async (files) => { for (const file of files) await send(form, file, list, rows); };
  field.addEventListener("change", () => { take([...field.files]).finally(() => { field.value = ""; }); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });
}
