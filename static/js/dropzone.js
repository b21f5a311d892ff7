// Files: drag to any place of the card, several at once, paste; each with its own progress and its own failure (U-02).
import { each, element, fresh, icon } from "./dom.js";
import { csrf, explain } from "./http.js";

const AT_ONCE = 2;
let active = 0;

function size(bytes) {
  if (bytes < 1024) return `${bytes} Б`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "КБ"] : [bytes / 1024 / 1024, "МБ"];
  return `${value.toLocaleString("ru-RU", { maximumFractionDigits: 1 })} ${unit}`;
}

// A picture from the clipboard is always called image.png: give it a name that can be found again.
function named(file) {
  if (!/^image\.(png|jpe?g)$/i.test(file.name)) return file;
  const stamp = new Date().toLocaleString("ru-RU").replaceAll(":", "-").replace(", ", " ");
  return new File([file], `Снимок ${stamp}.${file.name.split(".").pop()}`, { type: file.type });
}

function row(file) {
  const state = element("span", { class: "up-state" }, "в очереди");
  const bar = element("progress", { max: file.size || 1, value: 0, "aria-label": `Загрузка: ${file.name}` });
  const node = element("li", {}, element("span", { class: "up-name" }, file.name), element("span", { class: "muted nowrap" }, size(file.size)), state, bar);
  return { node, state, bar };
}

function accepted(zone, result, line) {
  line.node.remove();
  const list = document.getElementById(zone.dataset.list);
  list?.querySelector("[data-empty]")?.remove();
  if (list && result.html) {
    const holder = document.createElement("template");
    holder.innerHTML = result.html;
    const added = holder.content.firstElementChild;
    list.append(holder.content);
    window.htmx?.process(added);
  } else if (list) {
    const link = element("a", { class: "file-name", href: result.url ?? `/files/${result.id}` }, result.name);
    list.append(element("li", { class: "file" }, element("span", { class: "file-kind" }, result.name.split(".").pop().slice(0, 4)),
      element("div", { class: "file-text" }, link, element("span", { class: "file-meta" }, size(result.size)))));
  }
  zone.dispatchEvent(new CustomEvent("veche:uploaded", { bubbles: true, detail: result }));
}

function failed(zone, file, line, text, canRetry) {
  line.node.classList.add("is-bad");
  line.bar.remove();
  line.state.replaceChildren(icon("alert-circle"), ` ${text}`);
  const drop = element("button", { class: "btn btn-small", type: "button" }, "Убрать");
  drop.addEventListener("click", () => line.node.remove());
  const again = element("button", { class: "btn btn-small", type: "button" }, "Повторить");
  again.addEventListener("click", () => { line.node.remove(); enqueue(zone, [file]); });
  line.node.append(...(canRetry ? [again, drop] : [drop]));
}

function send(zone, file, line) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData(zone.tagName === "FORM" ? zone : undefined);
    const field = zone.querySelector("input[type=file]")?.name || "file";
    body.delete(field);
    body.append(field, file, file.name);
    request.open("POST", zone.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      line.bar.max = event.total;
      line.bar.value = event.loaded;
      line.state.textContent = event.loaded < event.total ? `${Math.round(event.loaded / event.total * 100)} %` : "проверяем…";
    });
    request.addEventListener("load", () => {
      const data = request.response ?? {};
      if (request.status >= 200 && request.status < 300 && data.id !== undefined) accepted(zone, data, line);
      else failed(zone, file, line, explain(request.status, data), request.status !== 413 && request.status !== 415);
      resolve();
    });
    request.addEventListener("error", () => { failed(zone, file, line, "Связь прервалась, файл не загружен.", true); resolve(); });
    request.send(body);
  });
}

async function drain(zone) {
  if (zone.running >= AT_ONCE) return;
  const next = zone.queue.shift();
  if (!next) return;
  zone.running += 1;
  active += 1;
  next.line.state.textContent = "0 %";
  await send(zone, next.file, next.line);
  zone.running -= 1;
  active -= 1;
  drain(zone);
}

function enqueue(zone, files) {
  const place = zone.querySelector("[data-uploads]");
  const limit = Number(zone.dataset.maxMb || 0);
  for (const file of [...files].map(named)) {
    const line = row(file);
    place.append(line.node);
    if (limit && file.size > limit * 1024 * 1024) failed(zone, file, line, `Файл больше ${limit} МБ. Сожмите его или разделите на части.`, false);
    else if (!file.size) failed(zone, file, line, "Файл пуст или это папка.", false);
    else { zone.queue.push({ file, line }); drain(zone); }
  }
}

// Without an address of its own the zone fills the file field of the surrounding form.
function fill(zone, files) {
  const input = zone.querySelector("input[type=file]");
  const box = new DataTransfer();
  for (const file of input.multiple ? [...input.files, ...files] : [...files].slice(0, 1)) box.items.add(named(file));
  input.files = box.files;
  list(zone, input);
}

function list(zone, input) {
  zone.querySelector("[data-uploads]").replaceChildren(...[...input.files].map((file) =>
    element("li", {}, element("span", { class: "up-name" }, file.name), element("span", { class: "muted nowrap" }, size(file.size)))));
}

function take(zone, files) {
  if (!files.length) return;
  if (zone.dataset.uploadUrl) enqueue(zone, files);
  else fill(zone, files);
}

function startZone(zone) {
  zone.queue = [];
  zone.running = 0;
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    if (!zone.dataset.uploadUrl) { list(zone, input); return; }
    enqueue(zone, input.files);
    input.value = "";
  });
  const area = zone.closest("[data-drop-area]") ?? zone.closest(".card") ?? zone;
  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  area.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; area.classList.add("is-over"); } });
  area.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) area.classList.remove("is-over"); });
  area.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    area.classList.remove("is-over");
    take(zone, event.dataTransfer.files);
  });
}

function onPaste(event) {
  const files = event.clipboardData?.files;
  if (!files?.length || event.target.closest?.("[data-grid]")) return;
  const near = event.target.closest?.("[data-drop-area], .card")?.querySelector("[data-upload-url], [data-upload-form]");
  const zone = near ?? document.querySelector("[data-upload-url], [data-upload-form]");
  if (!zone) return;
  event.preventDefault();
  take(zone, files);
}

export function start(root) {
  each(root, "[data-upload-url], [data-upload-form]", (zone) => { if (fresh(zone, "Upload")) startZone(zone); });
  if (root !== document) return;
  document.addEventListener("paste", onPaste);
  // A file dropped past the card must not replace the page and the work in it.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
  window.addEventListener("beforeunload", (event) => { if (active) event.preventDefault(); });
}
