// Drafts save themselves (U-06, U-07): to the server within two seconds, to this computer at once.
import { clock, each, element, fresh, icon, store } from "./dom.js";
import { call, loginUrl } from "./http.js";

const PAUSE = 1200;
const LONGEST = 2000;
const RETRY = 5000;
const SKIPPED = new Set(["csrf_token", "version", "token"]);

function key(form) {
  const user = document.documentElement.dataset.user ?? "";
  return `veche:draft:${user}:${form.dataset.autosaveUrl || location.pathname}:${form.getAttribute("id") ?? ""}`;
}

function values(form) {
  const found = {};
  for (const field of form.elements) {
    const isSkipped = !field.name || SKIPPED.has(field.name) || field.type === "file" || field.type === "password" || field.type === "submit" || field.closest("[data-no-autosave]");
    if (isSkipped) continue;
    if (field.type === "radio") { if (field.checked) found[field.name] = field.value; continue; }
    const value = field.type === "checkbox" ? (field.checked ? field.value : null)
      : field.multiple && field.options ? [...field.selectedOptions].map((option) => option.value) : field.value;
    if (!(field.name in found)) found[field.name] = field.type === "checkbox" && isGroup(form, field.name) ? (value === null ? [] : [value]) : value;
    else if (value !== null) found[field.name] = [].concat(found[field.name] ?? [], value);
  }
  return found;
}

function isGroup(form, name) {
  return form.querySelectorAll(`[type=checkbox][name="${CSS.escape(name)}"]`).length > 1;
}

function put(form, kept) {
  for (const [name, value] of Object.entries(kept)) {
    const wanted = [].concat(value ?? []).map(String);
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    fields.forEach((field, index) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
      else if (field.multiple && field.options) for (const option of field.options) option.selected = wanted.includes(option.value);
      else field.value = wanted[fields.length > 1 ? index : 0] ?? "";
    });
  }
}

function difference(before, now) {
  const changed = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null)) changed[name] = now[name] ?? null;
  }
  return changed;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.saved = values(form);
    this.firstChange = 0;
    this.isSending = false;
    this.isStopped = false;
    this.isLeaving = false;
    this.restore();
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    form.addEventListener("submit", () => setTimeout(() => this.leave()));
    window.addEventListener("online", () => this.save());
    window.addEventListener("pagehide", () => this.keep());
    window.addEventListener("beforeunload", (event) => { if (this.isDirty && !this.isLeaving) event.preventDefault(); });
  }

  get version() { return this.form.elements.version?.value ?? this.form.dataset.version ?? null; }
  get changed() { return difference(this.saved, values(this.form)); }
  get isDirty() { return Object.keys(this.changed).length > 0; }

  say(text, tone = "", ...more) {
    for (const place of document.querySelectorAll("[data-save-state]")) {
      if (place.closest("form") && place.closest("form") !== this.form) continue;
      place.className = `save-state${tone ? ` is-${tone}` : ""}`;
      place.replaceChildren(text, ...more.map((node) => node.cloneNode(true)));
    }
  }

  // Sent for good: the copy here is believed needless until the login page says that the session had ended.
  leave() {
    this.isLeaving = Boolean(this.form.dataset.busy);
    const kept = store.get(key(this.form));
    if (this.isLeaving && kept) store.set(key(this.form), { ...kept, isSent: true });
  }

  // What the last visit did not manage to save: brought back if nobody changed the record since.
  restore() {
    const kept = store.get(key(this.form));
    if (!kept) return;
    if (kept.isSent && !this.form.querySelector(".error-summary")) { this.forget(); return; }
    const lost = difference(this.saved, { ...this.saved, ...kept.fields });
    if (!Object.keys(lost).length) { this.forget(); return; }
    const original = { ...this.saved };
    const isSame = String(kept.version) === String(this.version);
    const bring = () => { put(this.form, kept.fields); this.touch(); };
    const drop = () => { put(this.form, original); this.forget(); note.remove(); this.touch(); };
    const yes = element("button", { type: "button", class: "btn btn-small" }, "Вернуть мой текст");
    const no = element("button", { type: "button", class: "btn btn-small" }, isSame ? "Не нужно, убрать" : "Оставить как есть");
    const text = isSame ? `Восстановлено то, что вы ввели ${kept.at} и не успели сохранить. `
      : `Остался ваш текст, введённый ${kept.at}, но с тех пор запись изменили. `;
    const note = element("div", { class: "alert alert-waiting", role: "status" }, icon("history"),
      element("div", {}, element("p", {}, text), element("p", { class: "inline" }, isSame ? null : yes, no)));
    yes.addEventListener("click", () => { bring(); note.remove(); });
    no.addEventListener("click", drop);
    this.form.prepend(note);
    if (isSame) bring();
  }

  keep() {
    if (!this.isDirty || this.isLeaving) return;
    store.set(key(this.form), { fields: this.changed, version: this.version, at: `${new Date().toLocaleDateString("ru-RU")} в ${clock()}` });
  }

  forget() { store.remove(key(this.form)); }

  touch() {
    if (!this.isDirty) { this.forget(); return; }
    this.keep();
    if (this.isStopped || !this.url) return;
    this.say("Есть несохранённое…");
    const now = Date.now();
    this.firstChange ||= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.firstChange + LONGEST - now)));
  }

  async save() {
    if (!this.url || this.isStopped || this.isLeaving || this.isSending || !this.isDirty) return;
    this.isSending = true;
    this.firstChange = 0;
    const fields = this.changed;
    const sent = values(this.form);
    this.say("Сохраняем…");
    try {
      const isForm = this.form.dataset.autosaveFormat === "form";
      const method = this.form.dataset.autosaveMethod || "PATCH";
      const { data } = await call(this.url, isForm ? { method, form: this.pack(fields) } : { method, json: { version: Number(this.version) || this.version, fields } });
      this.accept(sent, data);
    } catch (failure) {
      this.refuse(failure);
    } finally {
      this.isSending = false;
    }
    if (this.isDirty && !this.isStopped && !this.failed) this.touch();
  }

  pack(fields) {
    const body = new FormData();
    if (this.version !== null) body.set("version", this.version);
    for (const [name, value] of Object.entries(fields)) for (const one of [].concat(value ?? "")) body.append(name, one);
    return body;
  }

  accept(sent, data) {
    this.failed = false;
    this.saved = sent;
    if (data.version !== undefined) {
      if (this.form.elements.version) this.form.elements.version.value = data.version;
      this.form.dataset.version = data.version;
    }
    if (this.isDirty) this.keep(); else this.forget();
    this.say(`Сохранено ${data.saved_at || clock()}`);
    this.form.dispatchEvent(new CustomEvent("veche:saved", { bubbles: true, detail: data }));
  }

  refuse(failure) {
    this.failed = true;
    this.keep();
    if (failure.status === 409) {
      this.isStopped = true;
      const who = failure.data.by ? `Запись изменил(а) ${failure.data.by}` : "Запись уже изменил кто-то другой";
      this.say(`${who}. Ваш текст сохранён на этом компьютере. `, "bad", element("a", { href: location.href }, "Открыть свежую версию"));
      this.isLeaving = true;
    } else if (failure.isSessionEnded) {
      this.isStopped = true;
      this.isLeaving = true;
      this.say("Сеанс завершён. Ваш текст сохранён на этом компьютере. ", "bad", element("a", { href: loginUrl() }, "Войти и продолжить"));
    } else if (failure.isOffline || failure.status >= 500) {
      this.say(failure.isOffline ? "Нет связи: сохраним, когда появится" : "Сервер не отвечает: повторим сами", "waiting");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), RETRY);
    } else {
      this.say(failure.message, "bad");
    }
  }
}

export function recallSent() {
  for (const name of store.keys("veche:draft:")) store.set(name, { ...store.get(name), isSent: false });
}

// A form without an address of its own (a remark, a message): its text is kept on this computer until sent.
export function start(root) {
  each(root, "form[data-autosave-url], form[data-keep]", (form) => { if (fresh(form, "Draft")) new Draft(form); });
  if (root === document && location.pathname === (document.body.dataset.loginUrl || "/login")) recallSent();
}
