// Short messages in the corner: errors stay until closed, the rest go by themselves.
import { each, element, fresh, icon } from "./dom.js";

const ICONS = { good: "check-circle", bad: "alert-circle", waiting: "alert", info: "info" };
const LIFE = 8000;

function arm(node) {
  node.querySelector("[data-toast-close]")?.addEventListener("click", () => node.remove());
  if (node.hasAttribute("data-stay")) return;
  // Undo is offered for thirty seconds, like on the server.
  const life = node.querySelector("form") ? 30000 : LIFE;
  let timer = setTimeout(() => node.remove(), life);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => node.remove(), life); };
  node.addEventListener("pointerenter", hold);
  node.addEventListener("pointerleave", release);
  node.addEventListener("focusin", hold);
  node.addEventListener("focusout", release);
}

export function toast(text, tone = "info", action = null) {
  const place = document.getElementById("toasts");
  if (!place) return null;
  for (const old of place.querySelectorAll("[data-toast]")) if (old.dataset.text === text) old.remove();
  const close = element("button", { type: "button", class: "toast-close", "data-toast-close": true, "aria-label": "Закрыть сообщение" }, icon("close"));
  const link = action ? element("a", { class: "btn btn-small", href: action.url }, action.title) : null;
  const node = element("div", { class: `toast toast-${tone}`, "data-toast": true, "data-text": text, "data-stay": tone === "bad" },
    icon(ICONS[tone] ?? "info"), element("p", {}, text), link, close);
  place.append(node);
  arm(node);
  return node;
}

export function start(root) {
  each(root, "[data-toast]", (node) => { if (fresh(node, "Toast")) arm(node); });
  each(root, "[data-focus]", (node) => { if (fresh(node, "Focus")) node.focus(); });
}
