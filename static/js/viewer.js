// A small viewer of full texts: one page at a time, its words selectable, by mouse and by keyboard.

const SMALLEST = 0.5;
const LARGEST = 4;
const STEP = 1.25;

class Viewer {
  constructor(root) {
    this.root = root;
    this.sheet = root.querySelector("[data-pdf-sheet]");
    this.number = 1;
    this.zoom = 1;
    this.drawing = Promise.resolve();
  }

  async open() {
    const { library, worker, pdf } = this.root.dataset;
    this.pdfjs = await import(library);
    this.pdfjs.GlobalWorkerOptions.workerSrc = worker;
    const folder = library.slice(0, library.lastIndexOf("/") + 1);
    this.file = await this.pdfjs.getDocument({
      url: pdf,
      standardFontDataUrl: `${folder}standard_fonts/`,
      isEvalSupported: false,
      useWasm: false,
      enableXfa: false,
    }).promise;
    this.root.querySelector("[data-pdf-pages]").textContent = this.file.numPages;
    this.root.querySelector(".pdf-tools").hidden = false;
    this.sheet.hidden = false;
    this.root.addEventListener("click", (event) => this.act(event.target.closest("[data-pdf-do]")?.dataset.pdfDo));
    this.sheet.addEventListener("keydown", (event) => this.onKey(event));
    await this.show();
  }

  onKey(event) {
    const doing = { PageDown: "next", PageUp: "previous", "+": "larger", "-": "smaller" }[event.key];
    if (!doing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.act(doing);
  }

  act(doing) {
    const { number, zoom } = this;
    if (doing === "next") this.number = Math.min(this.number + 1, this.file.numPages);
    if (doing === "previous") this.number = Math.max(this.number - 1, 1);
    if (doing === "larger") this.zoom = Math.min(this.zoom * STEP, LARGEST);
    if (doing === "smaller") this.zoom = Math.max(this.zoom / STEP, SMALLEST);
    if (number !== this.number) this.sheet.scrollTo({ top: 0 });
    if (number !== this.number || zoom !== this.zoom) this.show();
  }

  show() {
    this.drawing = this.drawing.then(() => this.draw());
    return this.drawing;
  }

  async draw() {
    const page = await this.file.getPage(this.number);
    const width = page.getViewport({ scale: 1 }).width;
    const scale = (this.zoom * Math.max(this.sheet.clientWidth, 200)) / width;
    const viewport = page.getViewport({ scale });
    const density = window.devicePixelRatio || 1;
    const paper = document.createElement("div");
    paper.className = "pdf-paper";
    paper.style.width = `${Math.floor(viewport.width)}px`;
    paper.style.height = `${Math.floor(viewport.height)}px`;
    paper.style.setProperty("--total-scale-factor", scale);
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    const words = document.createElement("div");
    words.className = "pdf-words";
    paper.append(canvas, words);
    await page.render({
      canvas,
      viewport,
      transform: density === 1 ? null : [density, 0, 0, density, 0, 0],
    }).promise;
    const text = new this.pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport });
    await text.render();
    this.sheet.replaceChildren(paper);
    this.root.querySelector("[data-pdf-page]").textContent = this.number;
  }
}

async function openAll() {
  for (const root of document.querySelectorAll("[data-pdf]:not([data-opened])")) {
    root.dataset.opened = "";
    try {
      await new Viewer(root).open();
    } catch (error) {
      console.warn("The full text cannot be shown:", error);
      root.querySelector("[data-pdf-problem]").hidden = false;
    }
  }
}

document.addEventListener("htmx:afterSettle", openAll);
openAll();
