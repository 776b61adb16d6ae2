// Entries and the consensus grid: say what is not saved, count what is open, choose "another value" by typing it.

const forms = () => [...document.querySelectorAll("form[data-guard]")];
let isDirty = forms().some((form) => form.dataset.state === "dirty");

function showSaveState() {
  const state = document.getElementById("save-state");
  if (!state) return;
  const text = state.querySelector("[data-save-text]");
  state.dataset.is = isDirty ? "dirty" : "saved";
  if (isDirty) text.textContent = state.dataset.dirty;
}

function showOpenCount() {
  const text = document.querySelector("[data-open-count]");
  if (!text) return;
  const chosen = new Set([...document.querySelectorAll("input[data-open]:checked")].map((radio) => radio.name));
  const open = Number(text.dataset.openCount) - chosen.size;
  text.textContent = open ? `${text.dataset.some} ${open}` : text.dataset.none;
}

function onEdit(event) {
  const target = event.target;
  if (!target.form?.matches("[data-guard]") || target.id === "only-differences") return;
  isDirty = true;
  showSaveState();
}

function onChange(event) {
  const target = event.target;
  if (target.dataset.third && target.value) {
    const radio = document.querySelector(`input[type=radio][name="${target.dataset.third}"][value="third"]`);
    if (radio) radio.checked = true;
  }
  if (target.matches("input[data-open][value=third]")) {
    target.closest("td").querySelector("details").open = true;
  }
  showOpenCount();
}

document.addEventListener("input", onEdit);
document.addEventListener("change", onEdit);
document.addEventListener("change", onChange);
document.addEventListener("submit", () => {
  isDirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, () => {
    isDirty = true;
    showSaveState();
  });
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "sheet") return;
  const state = document.getElementById("save-state");
  isDirty = document.getElementById("sheet").dataset.state === "dirty";
  if (!isDirty) state.querySelector("[data-save-text]").textContent = state.dataset.saved;
  showSaveState();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  const save = document.getElementById("save");
  if (!save) return;
  event.preventDefault();
  save.click();
});

showSaveState();
showOpenCount();
