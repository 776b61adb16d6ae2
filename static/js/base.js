// What every page does: open dialogs, move the focus to what matters, speak when the server does not answer.

function openDialog(dialog) {
  if (dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
  dialog.showModal(); // Esc closes it
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-dialog]");
  if (button) openDialog(document.getElementById(button.dataset.dialog));
  if (event.target instanceof HTMLDialogElement) event.target.close(); // a click beside the dialog
});

// A link of the error summary leads into its field, not only to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".form-errors a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea"))?.focus();
});

function focusErrors(root) {
  root.querySelector(".form-errors")?.focus();
}

function sayConnectionLost() {
  const sentence = document.getElementById("connection-lost").content.cloneNode(true);
  document.getElementById("messages").replaceChildren(sentence);
}

document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
document.addEventListener("htmx:sendError", sayConnectionLost);
document.addEventListener("htmx:responseError", sayConnectionLost);
focusErrors(document);
