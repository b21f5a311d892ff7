// Signs documents one after another: each with its own result, stopped and gone on with at any place (S-22).
import { exactBytes } from "./operation.js";
import { Trouble } from "./trouble.js";

export class Runner {
  #isStopped = false;

  // `rows`: file id → Row; `told(done, total, text)`: how far it is.
  constructor(rows, told) {
    this.rows = rows;
    this.told = told;
  }

  stop() { this.#isStopped = true; }

  // Gives {signed, failed, why}: `why` is a text when it did not come to the end.
  async run(operation, signer, certificate) {
    this.#isStopped = false;
    const total = operation.items.length;
    let failed = 0;
    for (const item of operation.left) {
      if (this.#isStopped) return this.#ended(operation, failed, "Остановлено.");
      const row = this.rows.get(item.file);
      this.told(operation.done.size, total, `Подписываем: ${item.name}`);
      row.busy("Получаем и сверяем документ…");
      try {
        const document = await exactBytes(row.url, item);
        row.busy("Подписываем…");
        const signature = await signer.sign(certificate, document);
        row.busy("Сервер проверяет подпись…");
        row.result(await operation.submit(item.file, signature, signer.source));
      } catch (failure) {
        row.failed(failure.message);
        failed += 1;
        if (!(failure instanceof Trouble) || failure.stops) return this.#ended(operation, failed, failure.message);
      }
      this.told(operation.done.size, total, "");
    }
    return this.#ended(operation, failed, "");
  }

  #ended(operation, failed, why) {
    return { signed: operation.done.size, total: operation.items.length, failed, why };
  }
}
