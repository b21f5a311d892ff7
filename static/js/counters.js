// Counters of the top bar without reload: a small question every 15 seconds, answered by 304 when nothing is new (C-15).
import { announce, each } from "./dom.js";
import { call, loginUrl } from "./http.js";
import { toast } from "./toast.js";

const EVERY = 15000;
const LONGEST = 120000;
const title = document.title;
let tag = null;
let failures = 0;
let timer = null;

function show(values) {
  let grown = false;
  for (const node of document.querySelectorAll("[data-counter]")) {
    const value = values[node.dataset.counter];
    if (value === undefined) continue;
    const before = Number(node.dataset.value ?? node.textContent) || 0;
    const now = Number(value) || 0;
    node.textContent = now > 999 ? "999+" : String(now);
    node.dataset.value = String(now);
    node.hidden = now === 0;
    if (now > before && node.dataset.announce) { announce(`${node.dataset.announce}. Всего: ${now}`); grown = true; }
  }
  retitle();
  document.body.dispatchEvent(new CustomEvent("veche:pulse", { detail: values }));
  if (grown) document.body.dispatchEvent(new CustomEvent("veche:messages"));
}

function retitle() {
  let sum = 0;
  for (const node of document.querySelectorAll(".top [data-counter]")) sum += Number(node.dataset.value ?? node.textContent) || 0;
  document.title = sum ? `(${sum}) ${title}` : title;
}

async function ask() {
  clearTimeout(timer);
  const url = document.body.dataset.pulseUrl;
  if (!url || document.hidden) return;
  try {
    const answer = await call(url, { headers: tag ? { "If-None-Match": tag } : {} });
    failures = 0;
    if (answer.status !== 304) {
      tag = answer.headers.get("ETag");
      show(answer.data ?? {});
    }
  } catch (failure) {
    if (failure.isSessionEnded) {
      toast("Сеанс завершён. Войдите снова, чтобы продолжить с этого же места.", "bad", { url: loginUrl(), title: "Войти" });
      return;
    }
    failures += 1;
  }
  timer = setTimeout(ask, Math.min(EVERY * 2 ** failures, LONGEST));
}

export function start(root) {
  if (root !== document) { each(root, "[data-counter]", retitle); return; }
  if (!document.body.dataset.pulseUrl) return;
  retitle();
  timer = setTimeout(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  document.body.addEventListener("veche:refresh", ask);
}
