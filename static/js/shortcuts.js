// Single-key shortcuts, declared in the markup:
//
//   <button data-shortcut="i" data-shortcut-label="Include">      a key clicks the button or link,
//   <textarea data-shortcut="n" data-shortcut-label="Note">       or moves the focus into a field.
//
// Several keys are separated by blanks ("m u"); names are those of KeyboardEvent.key ("ArrowRight"). Keys rest while
// the person types, while a dialog is open, with Ctrl, Alt or Meta, and when switched off in the profile.

const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select";
const isOn = document.body.dataset.shortcuts === "on";

function isTyping(target) {
  return target instanceof Element && (target.matches(FIELDS) || target.isContentEditable);
}

function isUsable(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function keysOf(element) {
  return element.dataset.shortcut.split(" ");
}

function elementFor(key) {
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return [...document.querySelectorAll("[data-shortcut]")].find(
    (element) => keysOf(element).includes(wanted) && isUsable(element),
  );
}

function onKey(event) {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open], .dropdown-menu.show")) return;
  const element = elementFor(event.key);
  if (!element) return;
  event.preventDefault();
  if (element.matches(FIELDS)) element.focus();
  else element.click();
}

// Fill the help dialog with the keys that work on this page now.
function listKeys(list) {
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    if (!isUsable(element)) continue;
    const term = document.createElement("dt");
    for (const key of keysOf(element)) {
      const cap = document.createElement("kbd");
      cap.textContent = key.length === 1 ? key.toUpperCase() : key.replace("Arrow", "");
      term.append(cap);
    }
    const meaning = document.createElement("dd");
    meaning.textContent = element.dataset.shortcutLabel || element.textContent.trim();
    list.append(term, meaning);
  }
}

if (isOn) document.addEventListener("keydown", onKey);
document.addEventListener("dialog:open", (event) => {
  const list = event.target.querySelector("[data-keys]");
  if (list) listKeys(list);
});
