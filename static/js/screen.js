// Screening: the next record takes the place of the last one, no decision is sent twice, none is lost on the way.

const GUARD_MS = 250;
const RETRY_MS = 3000;
const offline = document.getElementById("screen-offline").content.textContent;
let quietUntil = 0;
let waiting = null; // the decision that has not arrived: its form and the button that was pressed

function said() {
  return document.getElementById("screen-said");
}

// A second press within a moment belongs to the record before: it must not fall on the next one.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.closest("#screen")) return;
    if (performance.now() < quietUntil) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    quietUntil = performance.now() + GUARD_MS;
    waiting = { form: event.target, button: event.submitter };
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
  if (waiting?.failed) event.preventDefault();
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
  window.scrollTo({ top: 0 });
  document.querySelector("#screen .screen-title")?.focus({ preventScroll: true });
});

// At full text "Exclude" leads to the reasons: each of them is a button.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-to-reasons]")) return;
  const first = document.querySelector("#reasons button, #reasons a");
  if (!first) return;
  event.preventDefault();
  first.focus();
});
