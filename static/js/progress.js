// A long job: the truth about how far it is, and how it ended.
import { each, element, fresh } from "./dom.js";
import { call } from "./http.js";

const FIGURES = new Intl.NumberFormat("ru-RU");

function finish(job, data) {
  const result = job.querySelector("[data-progress-result]");
  const isGood = data.state === "done";
  job.classList.add(isGood ? "is-done" : "is-failed");
  result.hidden = false;
  result.className = `alert ${isGood ? "alert-good" : "alert-bad"}`;
  result.setAttribute("role", isGood ? "status" : "alert");
  result.replaceChildren(element("span", {}, data.text || (isGood ? "Готово." : "Не получилось. Ничего не изменено, можно повторить.")));
  if (data.url) result.append(" ", element("a", { href: data.url }, data.title || "Открыть результат"));
  job.querySelector("[data-progress-text]").textContent = "";
  if (isGood && job.hasAttribute("data-progress-reload")) location.assign(data.url || location.href);
}

function draw(job, data) {
  const bar = job.querySelector("progress");
  if (data.total) { bar.max = data.total; bar.value = data.done ?? 0; }
  const figure = job.querySelector("[data-progress-figure]");
  if (data.total) figure.textContent = `${FIGURES.format(data.done ?? 0)} из ${FIGURES.format(data.total)}`;
  const text = job.querySelector("[data-progress-text]");
  if (data.text && text.textContent !== data.text) text.textContent = data.text;
}

async function follow(job) {
  let wait = 1000;
  for (;;) {
    if (!job.isConnected) return;
    try {
      const { data } = await call(job.dataset.progressUrl);
      draw(job, data);
      if (data.state === "done" || data.state === "failed") { finish(job, data); return; }
      wait = Math.min(wait * 1.15, 3000);
    } catch (failure) {
      job.querySelector("[data-progress-text]").textContent = failure.isOffline
        ? "Нет связи: работа на сервере продолжается, сведения появятся, когда связь вернётся." : failure.message;
      if (failure.isSessionEnded || failure.status === 404) return;
      wait = 5000;
    }
    await new Promise((resolve) => { setTimeout(resolve, wait); });
  }
}

export function start(root) {
  each(root, "[data-progress-url]", (job) => { if (fresh(job, "Progress")) follow(job); });
}
