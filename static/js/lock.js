// The lock of a card under edit: a beat every 30 seconds, and who else is here (U-07, R-36).
import { each, fresh } from "./dom.js";
import { call, csrf } from "./http.js";

const EVERY = 30000;

function say(text) {
  const banner = document.querySelector("[data-lock-banner]");
  if (!banner) return;
  banner.hidden = !text;
  banner.querySelector("[data-lock-text]").textContent = text;
}

function describe(data) {
  if (!data.by) return data.detail || "Карточку сейчас правит другой сотрудник.";
  const since = data.since ? ` с ${data.since}` : "";
  return `Карточку сейчас правит ${data.by}${since}. Ваши правки могут разойтись: договоритесь, кто продолжит.`;
}

async function beat(form) {
  try {
    await call(form.dataset.lockUrl, { method: "POST", form: new FormData() });
    say("");
  } catch (failure) {
    if (failure.status === 409 || failure.status === 423) say(describe(failure.data));
  }
}

function release(form) {
  const body = new FormData();
  body.set("csrf_token", csrf());
  body.set("release", "1");
  navigator.sendBeacon?.(form.dataset.lockUrl, body);
}

export function start(root) {
  each(root, "form[data-lock-url]", (form) => {
    if (!fresh(form, "Lock")) return;
    beat(form);
    const timer = setInterval(() => {
      if (!form.isConnected) { clearInterval(timer); return; }
      if (!document.hidden) beat(form);
    }, EVERY);
    window.addEventListener("pagehide", () => release(form));
  });
}
