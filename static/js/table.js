// Selection of rows with «all found», and the choice of columns.
import { each, fresh, plural } from "./dom.js";

function startBulk(form) {
  const list = document.getElementById(form.dataset.bulk);
  const picks = [...document.querySelectorAll(`[data-pick][form="${form.getAttribute("id")}"]`)];
  const all = list.querySelector("[data-pick-all]");
  const scope = form.querySelector("[data-bulk-scope]");
  const count = form.querySelector("[data-bulk-count]");
  const wide = form.querySelector("[data-bulk-all]");
  let last = null;

  function refresh() {
    const able = picks.filter((pick) => !pick.disabled);
    const chosen = able.filter((pick) => pick.checked);
    const isAllFound = scope.value === "found";
    const total = wide?.dataset.total ?? "";
    for (const pick of picks) pick.closest("tr").classList.toggle("is-picked", pick.checked);
    if (all) { all.checked = able.length > 0 && chosen.length === able.length; all.indeterminate = chosen.length > 0 && !all.checked; }
    form.classList.toggle("is-on", chosen.length > 0);
    form.dataset.count = isAllFound ? total : String(chosen.length);
    count.textContent = isAllFound ? `Выбраны все найденные: ${total}`
      : `${plural(chosen.length, "Выбрана", "Выбраны", "Выбрано")} ${chosen.length} ${plural(chosen.length, "строка", "строки", "строк")}`;
    if (wide) wide.hidden = isAllFound || !all?.checked || total === String(chosen.length);
  }

  function onPick(event) {
    const pick = event.target;
    scope.value = "page";
    if (event.shiftKey && last) {
      const [from, to] = [picks.indexOf(last), picks.indexOf(pick)].sort((a, b) => a - b);
      for (const between of picks.slice(from, to + 1)) if (!between.disabled) between.checked = pick.checked;
    }
    last = pick;
    refresh();
  }

  for (const pick of picks) pick.addEventListener("click", onPick);
  all?.addEventListener("change", () => {
    scope.value = "page";
    for (const pick of picks) if (!pick.disabled) pick.checked = all.checked;
    refresh();
  });
  wide?.addEventListener("click", () => { scope.value = "found"; refresh(); });
  form.querySelector("[data-bulk-clear]")?.addEventListener("click", () => {
    scope.value = "page";
    for (const pick of picks) pick.checked = false;
    refresh();
    all?.focus();
  });
  refresh();
}

function startColumns(form) {
  form.addEventListener("change", () => {
    const chosen = new FormData(form).getAll("columns");
    const address = new URL(location.href);
    address.searchParams.delete("columns");
    for (const key of chosen) address.searchParams.append("columns", key);
    history.replaceState(history.state, "", address);
    const table = document.getElementById(form.dataset.columns);
    const known = new Set([...form.querySelectorAll("[name=columns]")].map((box) => box.value));
    let isMissing = false;
    for (const key of known) {
      const cells = table?.querySelectorAll(`[data-col="${CSS.escape(key)}"]`) ?? [];
      if (!cells.length && chosen.includes(key)) isMissing = true;
      for (const cell of cells) cell.hidden = !chosen.includes(key);
    }
    // The server left the column out of the page: ask for it.
    if (isMissing) location.reload();
  });
}

// A list wider than its place can be scrolled from the keyboard too.
const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

export function start(root) {
  each(root, ".table-wrap", (box) => { if (fresh(box, "Wide")) wide.observe(box); });
  each(root, "form[data-bulk]", (form) => { if (fresh(form, "Bulk")) startBulk(form); });
  each(root, "form[data-columns]", (form) => { if (fresh(form, "Columns")) startColumns(form); });
}
