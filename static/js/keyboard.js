// Keys (U-04). Places on the keyboard, not letters: they work in the Russian layout as well.
import { element, isPost, store } from "./dom.js";

const OFF = "veche:keys-off";
const SECOND = 1500;
let prefix = null;
let prefixTimer = null;

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true]");
}

function letter(event) {
  if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  if (event.code.startsWith("Digit") && !event.shiftKey) return event.code.slice(5);
  return { BracketLeft: "[", BracketRight: "]" }[event.code] ?? event.key;
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function moveRow(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.classList.contains("is-at"));
  list[at]?.classList.remove("is-at");
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  next.classList.add("is-at");
  (next.querySelector("[data-open]") ?? next.querySelector("a, input"))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(keys) {
  const node = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(keys)}"]`)].find((item) => item.offsetParent !== null);
  if (!node) return false;
  if (node.matches("input, textarea, select")) node.focus();
  else node.click();
  return true;
}

function caption(node) {
  return node.dataset.hotkeyTitle || node.getAttribute("aria-label") || node.textContent.trim();
}

function drawKeys(keys) {
  return element("dt", {}, ...keys.split(" ").flatMap((key) => [element("kbd", {}, key.toUpperCase()), " "]));
}

function openSheet() {
  const sheet = document.getElementById("keys");
  if (!sheet || sheet.open) return;
  const go = sheet.querySelector("[data-keys-go]");
  const page = sheet.querySelector("[data-keys-page]");
  go.replaceChildren();
  page.replaceChildren();
  for (const node of document.querySelectorAll("[data-hotkey]")) {
    const line = element("div", {}, drawKeys(node.dataset.hotkey), element("dd", {}, caption(node)));
    (node.dataset.hotkey.startsWith("g ") ? go : page).append(line);
  }
  sheet.querySelector("[data-keys-page-box]").hidden = !page.children.length;
  sheet.querySelector("[data-keys-off]").checked = Boolean(store.get(OFF));
  sheet.showModal();
}

function focusSearch() {
  const field = [...document.querySelectorAll("[data-search], [type=search]")].find((item) => item.offsetParent !== null);
  if (field) { field.focus(); field.select(); } else document.querySelector(".top-find")?.click();
}

function submitFrom(target) {
  const form = target.closest?.("form");
  if (!form || !isPost(form)) return false;
  form.requestSubmit(form.querySelector(".btn-primary[type=submit]") ?? undefined);
  return true;
}

function single(event) {
  const key = letter(event);
  if (prefix) {
    const keys = `${prefix} ${key}`;
    prefix = null;
    return press(keys);
  }
  if (event.key === "?") { openSheet(); return true; }
  if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) { focusSearch(); return true; }
  if (event.shiftKey) return false;
  if (key === "g") {
    prefix = "g";
    clearTimeout(prefixTimer);
    prefixTimer = setTimeout(() => { prefix = null; }, SECOND);
    return true;
  }
  if (key === "j" || key === "k") { if (!rows().length) return false; moveRow(key === "j" ? 1 : -1); return true; }
  if (key === "x") { document.querySelector("[data-row].is-at [data-pick]")?.click(); return true; }
  return press(key);
}

function onKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (submitFrom(event.target)) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || store.get(OFF) && event.key !== "?") return;
  if (single(event)) event.preventDefault();
}

export function start(root) {
  if (root !== document) return;
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-keys-open]")?.addEventListener("click", openSheet);
  document.querySelector("[data-keys-off]")?.addEventListener("change", (event) => store.set(OFF, event.target.checked ? 1 : 0));
}
