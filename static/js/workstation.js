// The check of the computer: what only the browser itself can tell (C-13).
const place = document.querySelector("[data-workstation]");
const FIVE_MINUTES = 5 * 60 * 1000;
const PLUGIN_WAIT = 2500;

function show(id) { document.getElementById(id).hidden = false; }

function canStore() {
  try {
    localStorage.setItem("veche:probe", "1");
    localStorage.removeItem("veche:probe");
    return true;
  } catch {
    return false;
  }
}

// The extension answers an echo; the words of the question are its own.
function findPlugin() {
  return new Promise((resolve) => {
    window.addEventListener("message", (event) => {
      if (event.source === window && typeof event.data === "string" && event.data.includes("cadesplugin_loaded")) resolve(true);
    });
    window.postMessage("cadesplugin_echo_request", window.location.origin);
    setTimeout(() => resolve(false), PLUGIN_WAIT);
  });
}

if (place) {
  show("check-script");
  show(canStore() ? "check-store-good" : "check-store-bad");
  show(Math.abs(Date.now() - Number(place.dataset.now)) < FIVE_MINUTES ? "check-clock-good" : "check-clock-bad");
  findPlugin().then((found) => show(found ? "check-plugin-good" : "check-plugin-bad"));
}
