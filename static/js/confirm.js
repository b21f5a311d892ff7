// A question that names consequences: a dialog of the page ([data-dialog]) or one made from [data-confirm].
import { each, element, fresh } from "./dom.js";

function openDialog(link, event) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), textarea, select, [data-close]")?.focus();
}

function prepare(dialog) {
  each(dialog, "[data-close]", (button) => button.addEventListener("click", () => dialog.close()));
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (event.target === dialog && !inside) dialog.close();
  });
}

function ask(question, consequences, buttonTitle, isDanger) {
  const list = consequences ? element("ul", { class: "consequences" }, ...consequences.split("|").map((line) => element("li", {}, line.trim()))) : null;
  const yes = element("button", { class: `btn ${isDanger ? "btn-danger-fill" : "btn-primary"}`, value: "yes" }, buttonTitle);
  const no = element("button", { class: "btn", value: "no", autofocus: true }, "Не сейчас");
  const title = element("h2", { id: "ask-title" }, question);
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "ask-title" },
    element("form", { method: "dialog" }, title, list, element("p", { class: "dialog-actions" }, yes, no)));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => { resolve(dialog.returnValue === "yes"); dialog.remove(); });
  });
}

async function onSubmit(event) {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
  event.preventDefault();
  const count = form.dataset.count ?? "";
  const question = source.dataset.confirm.replace("{n}", count);
  const title = source.dataset.confirmButton || event.submitter?.textContent.trim() || "Да";
  if (!await ask(question, source.dataset.consequences, title, source.classList.contains("btn-danger"))) return;
  form.dataset.confirmed = "1";
  form.requestSubmit(event.submitter);
}

export function start(root) {
  each(root, "[data-dialog]", (node) => { if (fresh(node, "Dialog")) node.addEventListener("click", (event) => openDialog(node, event)); });
  each(root, "dialog", (node) => { if (fresh(node, "Modal")) prepare(node); });
  if (root === document) document.addEventListener("submit", onSubmit);
}
