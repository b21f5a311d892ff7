// The queue of changes: sent soon after typing, at most five seconds later, and again when the line is back.
import { call } from "../http.js";
import { announce, clock } from "../dom.js";
import { keep, kept } from "./unsent.js";

const SOON = 700;
const AGAIN = 4000;
const AT_ONCE = 2000;

export class Saving {
  constructor(base, user, state, heard) {
    this.base = base;
    this.key = `${user}:${base}`;
    this.state = state;
    this.heard = heard;
    this.queue = [];
    this.isSending = false;
    this.timer = 0;
    addEventListener("beforeunload", (event) => { if (this.queue.length) event.preventDefault(); });
    addEventListener("online", () => this.flush());
  }

  async recover() {
    const found = (await kept(this.key).catch(() => null)) ?? [];
    if (found.length) this.put(found);
    return found;
  }

  put(changes) {
    this.queue.push(...changes);
    this.remember();
    this.say("Сохраняется…", "waiting");
    this.later(SOON);
  }

  remember() {
    keep(this.key, this.queue).catch(() => this.say("Браузер не хранит черновик: не закрывайте страницу", "bad"));
  }

  later(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), time);
  }

  say(text, tone) {
    this.state.textContent = text;
    this.state.dataset.tone = tone;
  }

  // One table at a time, in the order they were made; a row is there before its cells are written.
  // After a refusal one change at a time, so that what is wrong takes nothing else with it.
  next() {
    const place = this.queue[0].table, made = new Set();
    let count = 0;
    while (count < this.queue.length && count < (this.isCareful ? 1 : AT_ONCE)) {
      const { table, change } = this.queue[count];
      if (table !== place || made.has(change.uid ?? change.delete)) break;
      if (change.insert) made.add(change.insert.uid);
      count += 1;
    }
    return this.queue.slice(0, count);
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.isSending) return this.sending;
    this.sending = this.send();
    return this.sending;
  }

  async send() {
    this.isSending = true;
    try {
      while (this.queue.length) {
        const part = this.next();
        const answer = await this.post(part);
        this.queue.splice(0, part.length);
        this.remember();
        this.heard(part[0].table, answer);
        this.say(`Сохранено в ${clock()}`, "good");
      }
      this.isCareful = false;
    } catch (failure) {
      this.failed(failure);
    } finally {
      this.isSending = false;
    }
  }

  async post(part) {
    const changes = part.map((one) => one.change);
    const url = `${this.base}/tables/${part[0].table}/rows`;
    return (await call(url, { method: "PATCH", json: { changes } })).data;
  }

  failed(failure) {
    this.say(`Не сохранено: ${failure.message}`, "bad");
    announce(`Не сохранено: ${failure.message}`);
    if (failure.isOffline || failure.status >= 500 || failure.status === 429) this.later(AGAIN);
    else if (!failure.isSessionEnded) this.refused();
  }

  refused() {
    if (this.isCareful || this.next().length === 1) {
      this.queue.shift();
      this.remember();
      this.heard(null, null);
    }
    this.isCareful = true;
    if (this.queue.length) this.later(SOON);
  }
}
