// After a form comes back with errors, the first one has the focus; a form is not sent twice by a double click.
document.addEventListener("htmx:after:swap", (event) => {
  const place = event.detail.ctx?.target;
  if (place instanceof Element) place.querySelector("[aria-invalid=true]")?.focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// Filters without a button: a change of a select with data-submits sends its form.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
});

// Back and forward: forms that were sent may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The filters in the address may have changed since the page was made: a saved view keeps those of now.
document.addEventListener("submit", (event) => {
  const kept = event.target.querySelector("input[data-address]");
  if (kept) kept.value = location.search.slice(1);
});

// A button that prints the page as the print styles have it.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-prints]")) window.print();
});

// A file that was asked for by one press begins to download as its page is shown.
document.querySelector("a[data-take]")?.click();
