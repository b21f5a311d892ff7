// Light, dark, large, low vision: applied at once, remembered by the server.
import { each, fresh } from "./dom.js";
import { call } from "./http.js";
import { toast } from "./toast.js";

const MEDIA = { light: "not all", dark: "all", auto: "(prefers-color-scheme: dark)" };

function apply(name, value) {
  const html = document.documentElement;
  const sheet = (kind) => document.querySelector(`[data-${kind}-sheet]`);
  if (name === "theme") sheet("dark").media = MEDIA[value];
  if (name === "large") html.classList.toggle("is-large", value === "1");
  if (name === "lowvision") {
    html.classList.toggle("is-lowvision", value === "1");
    sheet("lowvision").media = value === "1" ? "all" : "not all";
  }
}

function mark(form, button) {
  if (button.hasAttribute("data-toggle")) {
    const isOn = button.value === "1";
    button.setAttribute("aria-pressed", String(isOn));
    button.value = isOn ? "0" : "1";
    return;
  }
  for (const other of form.querySelectorAll(`[name="${button.name}"]`)) other.setAttribute("aria-pressed", String(other === button));
}

async function onSubmit(event) {
  const button = event.submitter;
  if (!button?.name) return;
  event.preventDefault();
  const form = event.currentTarget;
  const body = new FormData(form);
  body.set(button.name, button.value);
  apply(button.name, button.value);
  mark(form, button);
  try {
    await call(form.getAttribute("action"), { method: "POST", form: body });
  } catch {
    toast("Вид изменён на этой странице, но запомнить его не удалось.", "waiting");
  }
}

export function start(root) {
  each(root, "form[data-preferences]", (form) => { if (fresh(form, "Theme")) form.addEventListener("submit", onSubmit); });
}
