// Files may be dropped anywhere on the box around their input, and their names are listed before they are sent.

function show(input, list) {
  list.replaceChildren(
    ...Array.from(input.files, (file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      item.dir = "auto";
      return item;
    }),
  );
  list.hidden = input.files.length < 2; // the input itself names a single file
}

for (const box of document.querySelectorAll("[data-drop]")) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".drop-chosen");
  let depth = 0; // entering a child comes before leaving its parent
  const mark = (change) => {
    depth = change === 0 ? 0 : depth + change;
    box.classList.toggle("is-over", depth > 0);
  };
  box.querySelector(".drop-hint").hidden = false;
  input.addEventListener("change", () => show(input, list));
  box.addEventListener("dragenter", () => mark(1));
  box.addEventListener("dragleave", () => mark(-1));
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(0);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show(input, list);
    input.focus();
  });
}
