// One answer per pair: a second press within a moment would fall on the next one.

document.getElementById("pair-answer")?.addEventListener("submit", (event) => {
  const form = event.target;
  if ("sent" in form.dataset) event.preventDefault();
  form.dataset.sent = "";
});

// Both abstracts of a pair open together, so that they can be read against each other.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.(".pair-long")) return;
    for (const each of event.target.closest("tr").querySelectorAll(".pair-long")) each.open = event.target.open;
  },
  true,
);

// Back and forward show the page as it was left: it may be sent again.
window.addEventListener("pageshow", () => {
  delete document.getElementById("pair-answer")?.dataset.sent;
});
