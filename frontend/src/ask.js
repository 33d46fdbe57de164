// Answers written down where the network is poor: what could not be sent stays in its field, also when the page is opened
// again in this tab, and is sent when there is a network again. Nothing of it outlives the tab.
const KEY = "linli-ask-";

const field = (form) => form.querySelector("input[type=radio]:checked, .ask-input");

function unsent(form, shown) {
  const said = form.querySelector("[data-unsent]");
  if (said) said.hidden = !shown;
}

document.addEventListener("htmx:error", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest("form[data-ask]");
  if (!form) return;
  sessionStorage.setItem(KEY + form.dataset.ask, field(form)?.value ?? "");
  unsent(form, true);
});

document.addEventListener("htmx:before:response", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest("form[data-ask]");
  if (form) sessionStorage.removeItem(KEY + form.dataset.ask);
});

for (const form of document.querySelectorAll("form[data-ask]")) {
  const kept = sessionStorage.getItem(KEY + form.dataset.ask);
  if (kept === null) continue;
  const radio = form.querySelector(`input[type=radio][value="${CSS.escape(kept)}"]`);
  if (radio) radio.checked = true;
  else if (form.querySelector(".ask-input")) form.querySelector(".ask-input").value = kept;
  unsent(form, true);
}

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-ask]")) {
    if (sessionStorage.getItem(KEY + form.dataset.ask) !== null) form.requestSubmit();
  }
});
