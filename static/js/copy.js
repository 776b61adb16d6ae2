// <button data-copy="id-of-a-field" data-copied="Copied"> copies the field's text and says so.

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // plain HTTP has no clipboard interface
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  await copy(field);
  const said = button.querySelector("[data-copy-text]") || button;
  const before = button.dataset.copyBefore ?? said.textContent;
  button.dataset.copyBefore = before;
  said.textContent = button.dataset.copied;
  setTimeout(() => {
    said.textContent = before;
  }, 2500);
});
