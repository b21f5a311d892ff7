// Menus (<details data-drop>), the phone menu, search suggestions, copy buttons, tours, the end of a talk.
import { each, fresh, store } from "./dom.js";
import { toast } from "./toast.js";

function closeOthers(except) {
  for (const open of document.querySelectorAll("details[data-drop][open]")) if (!open.contains(except)) open.open = false;
}

function moveInside(panel, event) {
  const items = [...panel.querySelectorAll("a, button, input, select")].filter((item) => !item.disabled && item.offsetParent);
  const at = items.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? items[at + 1] ?? items[0] : items[at - 1] ?? items.at(-1);
  next?.focus();
  event.preventDefault();
}

function startDrop(drop) {
  drop.addEventListener("toggle", () => { if (drop.open) closeOthers(drop); });
  drop.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drop.open) {
      drop.open = false;
      drop.querySelector("summary").focus();
      event.stopPropagation();
    }
    const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && drop.open && !typing) moveInside(drop, event);
    if (event.key === "ArrowDown" && !drop.open) { drop.open = true; event.preventDefault(); }
  });
}

function startMenu(root) {
  const side = document.getElementById("menu");
  if (!side) return;
  let opener = null;
  const close = () => { side.classList.remove("is-open"); opener?.focus(); opener = null; };
  each(root, "[data-menu-open]", (node) => node.addEventListener("click", (event) => {
    event.preventDefault();
    opener = node;
    side.classList.add("is-open");
    // The panel becomes able to take the focus only after it has begun to show.
    requestAnimationFrame(() => requestAnimationFrame(() => side.focus()));
  }));
  each(root, "[data-menu-close]", (node) => node.addEventListener("click", (event) => { event.preventDefault(); close(); }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && side.classList.contains("is-open")) close(); });
}

function startSuggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[data-suggestions]");
  const move = (step) => {
    const items = [...list.querySelectorAll("a")];
    if (!items.length) return;
    const at = items.findIndex((item) => item.classList.contains("is-at"));
    items[at]?.classList.remove("is-at");
    const next = items[(at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length];
    next.classList.add("is-at");
    next.id ||= `suggestion-${items.indexOf(next)}`;
    input.setAttribute("aria-activedescendant", next.id);
  };
  form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { move(event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
    const chosen = list.querySelector(".is-at");
    if (event.key === "Enter" && chosen) { event.preventDefault(); chosen.click(); }
    if (event.key === "Escape") { list.replaceChildren(); input.blur(); }
  });
  input.addEventListener("input", () => { if (!input.value.trim()) list.replaceChildren(); });
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("is-done");
    toast("Скопировано", "good");
  } catch {
    toast("Браузер не дал скопировать. Выделите текст и нажмите Ctrl+C.", "waiting");
  }
}

function startTour(tour) {
  const key = `veche:tour:${tour.dataset.tour}`;
  if (store.get(key)) tour.hidden = true;
  tour.querySelector("[data-tour-close]").addEventListener("click", () => { store.set(key, 1); tour.hidden = true; });
}

export function start(root) {
  each(root, "details[data-drop]", (node) => { if (fresh(node, "Drop")) startDrop(node); });
  each(root, "[data-suggest]", (node) => { if (fresh(node, "Suggest")) startSuggest(node); });
  each(root, "[data-copy]", (node) => { if (fresh(node, "Copy")) node.addEventListener("click", () => copy(node)); });
  each(root, "[data-tour]", (node) => { if (fresh(node, "Tour")) startTour(node); });
  each(root, "[data-chat]", (node) => { node.scrollTop = node.scrollHeight; });
  // On a phone the filters begin folded; a wide page shows them when the server opened them.
  if (root !== document) return;
  startMenu(root);
  document.addEventListener("click", (event) => closeOthers(event.target));
}
