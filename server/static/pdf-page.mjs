// Draws one page of a PDF original into .sheet. pdf.js is fetched only here, from this server;
// the words of the page stand below as text, so the picture needs no text layer of its own.

const PDFJS = new URL("vendor/pdfjs/", import.meta.url).href;
const SHARPEST = 3; // device pixels for a CSS pixel; more only costs memory
const LARGER = "放大看";
const WHOLE = "看整页";

async function open(file) {
  const pdfjs = await import(`${PDFJS}pdf.min.mjs`);
  pdfjs.GlobalWorkerOptions.workerSrc = `${PDFJS}pdf.worker.min.mjs`;
  const task = pdfjs.getDocument({
    url: file,
    cMapUrl: `${PDFJS}cmaps/`,
    cMapPacked: true,
    wasmUrl: `${PDFJS}wasm/`,
    useWasm: false, // our policy forbids compiling it
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: true,
  });
  return task.promise;
}

async function draw(sheet) {
  const status = sheet.querySelector("[role=status]");
  status.textContent = "正在显示原件的页面…";
  const number = Number(sheet.dataset.page);
  const pdf = await open(sheet.dataset.file);
  const page = await pdf.getPage(number);
  const plain = page.getViewport({ scale: 1 });
  const canvas = document.createElement("canvas");
  sheet.append(canvas); // so that the style sheet tells how wide it is
  sheet.classList.add("large"); // as it is at its largest
  const wide = Math.min(window.devicePixelRatio || 1, SHARPEST) * canvas.clientWidth;
  sheet.classList.remove("large");
  const viewport = page.getViewport({ scale: wide / plain.width });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `原件第 ${number} 页的图像，文字在下面`);
  await page.render({ canvas, viewport }).promise;
  status.remove();
  if (wide > (window.devicePixelRatio || 1) * sheet.clientWidth) sheet.before(sizing(sheet));
  await pdf.loadingTask.destroy();
}

/** A button that makes the page larger than the screen, to be moved about, and whole again. */
function sizing(sheet) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = LARGER;
  button.addEventListener("click", () => {
    button.textContent = sheet.classList.toggle("large") ? WHOLE : LARGER;
  });
  return button;
}

for (const sheet of document.querySelectorAll(".sheet")) {
  const fallback = sheet.querySelector("[role=status]").cloneNode(true);
  draw(sheet).catch((error) => {
    console.error(error);
    sheet.replaceChildren(fallback);
    fallback.prepend("这个浏览器没能显示原件的页面。");
  });
}
