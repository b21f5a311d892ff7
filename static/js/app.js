// Starts every module on the page and again on each fragment that htmx brings.
import * as autosave from "./autosave.js";
import * as confirm from "./confirm.js";
import * as counters from "./counters.js";
import * as dropdown from "./dropdown.js";
import * as dropzone from "./dropzone.js";
import * as keyboard from "./keyboard.js";
import * as lock from "./lock.js";
import * as once from "./once.js";
import * as place from "./place.js";
import * as progress from "./progress.js";
import * as table from "./table.js";
import * as theme from "./theme.js";
import * as toast from "./toast.js";

const MODULES = [toast, dropdown, autosave, confirm, counters, dropzone, keyboard, lock, once, place, progress, table, theme];

function start(root) {
  for (const module of MODULES) module.start(root);
}

document.documentElement.classList.add("js");
start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
