// Building pieces of a page without strings of HTML.

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function each(root, selector, work) {
  const found = root.querySelectorAll ? [...root.querySelectorAll(selector)] : [];
  if (root.matches?.(selector)) found.unshift(root);
  for (const node of found) work(node);
}

// A node is prepared once for each purpose, however often its fragment is started.
export function fresh(node, purpose) {
  const key = `ready${purpose}`;
  if (node.dataset[key]) return false;
  node.dataset[key] = "1";
  return true;
}

// A field may be called "method" or "id": the attribute is asked, not the property.
export function isPost(form) {
  return (form.getAttribute("method") || "").toLowerCase() === "post";
}

export function announce(text) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = text;
}

export function clock(date = new Date()) {
  return date.toLocaleTimeString("ru-RU", { hour: "2-digit", minute: "2-digit" });
}

export function plural(count, one, few, many) {
  const tens = Math.abs(count) % 100;
  const ones = tens % 10;
  if (tens > 10 && tens < 20) return many;
  if (ones === 1) return one;
  return ones >= 2 && ones <= 4 ? few : many;
}

// A store that may be forbidden (private window, policy): then nothing is kept, and nothing breaks.
export const store = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { return; }
  },
  keys(prefix) {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
  },
};
