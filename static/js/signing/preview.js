// Shows the very bytes that will be signed: the digest under the pages is counted from them, here.
import { element, icon } from "../dom.js";

const PICTURES = /^image\/(png|jpeg|gif|webp|bmp)$/;
const TEXTS = /^(text\/|application\/(xml|json))/;
const MOST_TEXT = 300000;
let turn = 0;

async function library(folder) {
  const pdf = await import(`${folder}pdf.min.mjs`);
  pdf.GlobalWorkerOptions.workerSrc = `${folder}pdf.worker.min.mjs`;
  return pdf;
}

function watermark(text) {
  return text ? element("div", { class: "sign-watermark", "aria-hidden": "true" }, element("span", {}, text)) : null;
}

async function drawPage(page, sheet) {
  const unit = page.getViewport({ scale: 1 });
  const scale = Math.min(3, (sheet.clientWidth || 600) / unit.width * (window.devicePixelRatio || 1));
  const viewport = page.getViewport({ scale });
  const canvas = element("canvas", { width: Math.floor(viewport.width), height: Math.floor(viewport.height), role: "img", "aria-label": `Страница ${page.pageNumber}` });
  await page.render({ canvasContext: canvas.getContext("2d"), canvas, viewport }).promise;
  sheet.prepend(canvas);
}

async function pdfSheets(bytes, place, { folder, mark, mine }) {
  const pdf = await library(folder);
  const fonts = new URL(folder, location.href).href;
  const file = await pdf.getDocument({
    data: bytes.slice(), standardFontDataUrl: fonts, wasmUrl: fonts, useWasm: false, isEvalSupported: false, enableXfa: false,
  }).promise;
  if (mine !== turn) return;
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      watcher.unobserve(entry.target);
      file.getPage(Number(entry.target.dataset.page)).then((page) => drawPage(page, entry.target)).catch((failure) => {
        entry.target.append(element("p", { class: "text-bad" }, `Страница не показывается: ${failure.message}`));
      });
    }
  }, { root: place, rootMargin: "400px" });
  place.replaceChildren();
  for (let number = 1; number <= file.numPages; number += 1) {
    const sheet = element("div", { class: "sign-sheet", "data-page": number }, watermark(mark));
    place.append(sheet);
    watcher.observe(sheet);
  }
}

function picture(blob, type, mark) {
  const image = element("img", { alt: "Подписываемое изображение" });
  image.src = URL.createObjectURL(new Blob([blob], { type }));
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  return element("div", { class: "sign-sheet" }, image, watermark(mark));
}

function letters(bytes, mark) {
  const head = bytes.subarray(0, MOST_TEXT);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: bytes.length <= MOST_TEXT }).decode(head);
  } catch {
    text = new TextDecoder("windows-1251").decode(head);
  }
  const rest = bytes.length > MOST_TEXT ? "\n… показано начало: скачайте документ, чтобы увидеть его целиком." : "";
  return element("div", { class: "sign-sheet" }, element("pre", {}, text + rest), watermark(mark));
}

// `document`: what exactBytes gave. Throws what the library throws when a PDF is broken.
export async function show(viewer, item, document, { folder, mark = "" }) {
  turn += 1;
  const mine = turn;
  const place = viewer.querySelector("[data-viewer-pages]");
  viewer.querySelector("[data-viewer-title]").textContent = item.name;
  viewer.querySelector("[data-viewer-same]").replaceChildren(icon("check-circle"), " Показаны те самые байты, которые будут подписаны. SHA-256 посчитан в браузере и совпал с суммой сервера:",
    element("code", {}, document.digests.sha256));
  const type = item.type.split(";")[0];
  const isPdf = type === "application/pdf" || /\.pdf$/i.test(item.name);
  if (isPdf) {
    place.replaceChildren(element("p", { class: "muted" }, "Открываем документ…"));
    try {
      await pdfSheets(document.bytes, place, { folder, mark, mine });
    } catch (failure) {
      if (mine !== turn) return;
      place.replaceChildren(element("p", {}, `Документ не открывается в браузере (${failure.message}). Скачайте его и посмотрите в своей программе до подписания.`));
    }
  } else if (PICTURES.test(type)) place.replaceChildren(picture(document.blob, type, mark));
  else if (TEXTS.test(type)) place.replaceChildren(letters(document.bytes, mark));
  else {
    place.replaceChildren(element("p", {}, "Такие файлы браузер не показывает. Скачайте документ и посмотрите его в своей программе: "
      + "подписываться будут те же байты, сверьте контрольную сумму."));
  }
  place.scrollTop = 0;
}
