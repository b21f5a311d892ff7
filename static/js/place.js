// After an action we stay where we were (U-19): the scroll position outlives the reload of the same page.
import { isPost } from "./dom.js";

const KEY = "veche:place";

function remember(event) {
  if (!isPost(event.target)) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, top: window.scrollY, at: Date.now() }));
  } catch {
    return;
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
  if (!kept || kept.path !== location.pathname || location.hash || Date.now() - kept.at > 20000) return;
  if (document.querySelector("[data-focus]")) return;
  window.scrollTo({ top: kept.top, behavior: "instant" });
}

export function start(root) {
  if (root !== document) return;
  restore();
  window.addEventListener("submit", remember);
}
