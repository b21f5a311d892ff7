// Changes the server has not confirmed, kept in the browser's own database: a killed browser loses nothing.

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("veche-reports", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("unsent");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function ask(mode, work) {
  const base = await open();
  try {
    return await new Promise((done, failed) => {
      const moment = base.transaction("unsent", mode);
      const asked = work(moment.objectStore("unsent"));
      moment.oncomplete = () => done(asked.result);
      moment.onerror = () => failed(moment.error);
    });
  } finally {
    base.close();
  }
}

export const keep = (key, changes) =>
  ask("readwrite", (place) => (changes.length ? place.put(changes, key) : place.delete(key)));
export const kept = (key) => ask("readonly", (place) => place.get(key));
