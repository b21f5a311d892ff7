// Nothing is sent twice, and what happened is always said (U-01).
import { each, fresh, isPost } from "./dom.js";
import { explain, loginUrl } from "./http.js";
import { toast } from "./toast.js";

const SLOW = 8000;

function release(form) {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  clearTimeout(Number(form.dataset.slowTimer));
  for (const button of form.querySelectorAll(".is-busy, [data-was-enabled]")) {
    button.classList.remove("is-busy");
    if ("wasEnabled" in button.dataset) { button.disabled = false; delete button.dataset.wasEnabled; }
  }
}

function buttonsOf(form) {
  return [...form.elements].filter((item) => item.type === "submit" && !item.disabled);
}

export function hold(form, submitter) {
  form.dataset.busy = "1";
  form.setAttribute("aria-busy", "true");
  submitter?.classList.add("is-busy");
  // Disabled after the browser has gathered the values: the name of the pressed button must travel too.
  setTimeout(() => {
    if (!form.dataset.busy) return;
    for (const button of buttonsOf(form)) { button.disabled = true; button.dataset.wasEnabled = ""; }
  });
  form.dataset.slowTimer = setTimeout(() => toast("Это занимает больше обычного. Не закрывайте страницу: ответ придёт.", "waiting"), SLOW);
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form) || form.dataset.once === "off") return;
  if (form.dataset.busy) { event.preventDefault(); return; }
  if (event.submitter?.formTarget === "_blank" || form.target === "_blank") return;
  hold(form, event.submitter);
  if (form.dataset.once === "download") setTimeout(() => release(form), 3000);
}

function onHtmxFailure(event) {
  const status = event.detail.xhr?.status ?? 0;
  let data = {};
  try { data = JSON.parse(event.detail.xhr.responseText); } catch { data = {}; }
  toast(explain(status, data), "bad", status === 401 ? { url: loginUrl(), title: "Войти" } : null);
}

export function start(root) {
  each(root, "form[data-forget]", (form) => {
    if (!fresh(form, "Forget")) return;
    // Leaving by one's own will: nothing of the drafts stays on a shared computer.
    form.addEventListener("submit", () => {
      for (const key of Object.keys(localStorage)) if (key.startsWith("veche:draft:")) localStorage.removeItem(key);
    });
  });
  if (root !== document) return;
  // Last of the listeners, so that a question asked by confirm.js comes first.
  window.addEventListener("submit", onSubmit);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-busy]")) release(form);
  });
  document.addEventListener("htmx:responseError", onHtmxFailure);
  document.addEventListener("htmx:sendError", onHtmxFailure);
  document.addEventListener("htmx:timeout", onHtmxFailure);
}
