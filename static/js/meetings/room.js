// The room follows its pulse: figures change in place; the page is drawn anew when the meeting moves on,
// but never under the hands of somebody who is typing or choosing.
import { announce } from "../dom.js";
import { call } from "../http.js";

const EVERY = 3000;
const root = document.querySelector("[data-room]");
let tag = null;
let moment = root?.dataset.moment ?? "";
let failures = 0;

function figures(values) {
  for (const node of document.querySelectorAll("[data-figure]")) {
    const value = values[node.dataset.figure];
    if (value !== undefined && value !== null) node.textContent = String(value);
  }
}

function busy() {
  return Boolean(document.querySelector("[data-room] form[data-touched]"));
}

function link(isAlive) {
  const line = document.querySelector("[data-room-link]");
  if (line) line.hidden = isAlive;
}

async function redraw() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) { location.reload(); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-room]");
  if (!next) { location.reload(); return; }
  root.replaceChildren(...next.childNodes);
  document.body.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: root } }));
  announce(root.querySelector("h2")?.textContent ?? "");
}

async function beat() {
  try {
    const answer = await call(root.dataset.room, { headers: tag ? { "If-None-Match": tag } : {} });
    failures = 0;
    link(true);
    if (answer.status !== 304) {
      figures(answer.data);
      const now = [answer.data.stage, answer.data.question, answer.data.listed, answer.data.waiting].join("|");
      if (now === moment || busy()) { if (now === moment) tag = answer.headers.get("ETag"); }
      else { moment = now; tag = answer.headers.get("ETag"); await redraw(); figures(answer.data); }
    }
  } catch (failure) {
    if (failure.isSessionEnded) { location.reload(); return; }
    failures += 1;
    link(failures < 2);
  }
  setTimeout(beat, Math.min(EVERY * 2 ** failures, 30000));
}

if (root) {
  root.addEventListener("input", (event) => event.target.closest("form")?.setAttribute("data-touched", ""));
  setTimeout(beat, EVERY);
}
