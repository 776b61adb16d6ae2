// Screening: the next record takes the place of the last one, no decision is sent twice, none is lost on the way.

const GUARD_MS = 250;
const RETRY_MS = 3000;
// Only classes go from the old record to the new one: a note that was resized has a style, which the policy forbids.
htmx.config.attributesToSettle = ["class"];
// Back opens the record before as a page of its own.
htmx.config.refreshOnHistoryMiss = true;
const offline = document.getElementById("screen-offline").content.textContent;
const unsaved = document.getElementById("screen-unsaved").content.textContent;
let quietUntil = 0;
let waiting = null; // the decision that has not arrived: its form and the button that was pressed
let isSending = false;

function said() {
  return document.getElementById("screen-said");
}

function isNoteUnsaved() {
  const note = document.querySelector("#screen textarea[name=note]");
  if (!note || !note.value.trim()) return false;
  return note.value !== note.defaultValue || "unsaved" in document.getElementById("screen").dataset;
}

// A second press within a moment belongs to the record before: it must not fall on the next one.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.closest("#screen")) return;
    const takesNote = event.target.id === "decide";
    if (performance.now() < quietUntil || (!takesNote && isNoteUnsaved() && !window.confirm(unsaved))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    quietUntil = performance.now() + GUARD_MS;
    waiting = { form: event.target, button: event.submitter };
    isSending = true;
  },
  true,
);

function sendAgain() {
  if (!waiting?.failed || !waiting.form.isConnected) return;
  quietUntil = 0;
  waiting.form.requestSubmit(waiting.button); // the same token: the server keeps one decision
}

document.addEventListener("htmx:sendError", (event) => {
  if (waiting?.form !== event.target) return;
  waiting.failed = true;
  said().textContent = offline;
  said().classList.add("is-problem");
  setTimeout(sendAgain, RETRY_MS);
});
window.addEventListener("online", sendAgain);
window.addEventListener("beforeunload", (event) => {
  if (waiting?.failed || (!isSending && isNoteUnsaved())) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", () => {
  isSending = false;
});

document.addEventListener("htmx:afterSettle", () => {
  if (waiting?.form.isConnected) return; // nothing took the record's place
  waiting = null;
  quietUntil = performance.now() + GUARD_MS;
  said().classList.remove("is-problem");
  const errors = document.querySelector("#screen .form-errors");
  if (errors) {
    errors.focus();
    return;
  }
  toStart();
  document.querySelector("#screen .screen-title")?.focus({ preventScroll: true });
});

// A full text fills the window, so it begins below the site's header.
function toStart() {
  const screen = document.querySelector(".screen-full-text");
  if (screen) screen.scrollIntoView({ behavior: "instant" });
  else window.scrollTo({ top: 0, behavior: "instant" });
}

if (!document.querySelector("#messages *, #screen .form-errors") && !window.location.hash) toStart();

// At full text "Exclude" leads to the reasons: each of them is a button.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-to-reasons]")) return;
  const first = document.querySelector("#reasons button, #reasons a");
  if (!first) return;
  event.preventDefault();
  first.focus();
});
