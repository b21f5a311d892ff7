// One way to speak to the server: the CSRF header, JSON, and failures told in words.

export class Failure extends Error {
  constructor(status, title, detail, data) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.data = data || {};
  }
  get isOffline() { return this.status === 0; }
  get isSessionEnded() { return this.status === 401; }
}

const TEXTS = {
  0: "Нет связи с сервером. Проверьте подключение к сети.",
  401: "Сеанс завершён. Войдите снова, введённое сохранено на этом компьютере.",
  403: "На это действие нет прав.",
  404: "Этого больше нет: возможно, уже удалено или перенесено.",
  409: "Пока вы работали, запись изменил кто-то другой.",
  413: "Файл слишком велик.",
  419: "Страница устарела. Обновите её и повторите.",
  429: "Слишком часто. Подождите минуту и повторите.",
  503: "Идут технические работы. Повторите через несколько минут.",
};

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export function loginUrl() {
  const login = document.body.dataset.loginUrl || "/login";
  return `${login}?next=${encodeURIComponent(location.pathname + location.search)}`;
}

export function explain(status, data = {}) {
  return data.detail || data.title || TEXTS[status] || `Сервер ответил ошибкой (${status}). Повторите; если не поможет, сообщите в поддержку.`;
}

export async function call(url, { method = "GET", json, form, headers = {}, keepalive = false } = {}) {
  const options = {
    method,
    keepalive,
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: "application/json", "X-Requested-With": "fetch", ...headers },
  };
  if (method !== "GET") options.headers["X-CSRFToken"] = csrf();
  if (json !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(json);
  } else if (form) {
    options.body = form;
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Failure(0, "Нет связи", TEXTS[0]);
  }
  if (response.status === 304) return { status: 304, data: null, headers: response.headers };
  // A redirect to the login page means the session has ended, whatever the code says.
  const status = response.redirected && new URL(response.url).pathname === loginUrl().split("?")[0] ? 401 : response.status;
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  const data = isJson ? await response.json().catch(() => ({})) : {};
  if (status >= 400) throw new Failure(status, data.title || "Не получилось", explain(status, data), data);
  return { status, data, headers: response.headers };
}
