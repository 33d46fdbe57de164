// Dialogs and the drawer, on the native <dialog>.
import htmx from "./htmx.js";
import { confirmed, toast } from "./say.js";

let opener = null;

function drawer() {
  return document.getElementById("drawer");
}

async function openDrawer(link) {
  const box = drawer();
  const body = document.getElementById("drawer-body");
  if (!box.open) opener = link;
  box.classList.toggle("wide", link.dataset.drawer === "wide");
  const wait = document.createElement("p");
  wait.className = "drawer-wait";
  wait.textContent = "正在打开……";
  body.replaceChildren(wait);
  if (!box.open) box.showModal();
  body.focus();
  await htmx.ajax("GET", link.href, { source: body, target: "#drawer-body", swap: "innerHTML" });
  if (body.firstElementChild === wait) box.close();
  const title = body.querySelector("h2, h1");
  if (title) box.setAttribute("aria-label", title.textContent.trim());
  (body.querySelector("[autofocus]") || body).focus();
}

function refreshRows() {
  const rows = document.getElementById("rows");
  if (rows) htmx.ajax("GET", location.pathname + location.search, { source: rows, target: "#rows", swap: "innerHTML" });
  else location.reload();
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const link = event.target.closest("a[data-drawer]");
  if (link && !modified && drawer()) {
    event.preventDefault();
    openDrawer(link);
    return;
  }
  const opens = event.target.closest("[data-opens]");
  if (opens) {
    const box = document.getElementById(opens.dataset.opens);
    if (box && box.showModal) {
      event.preventDefault();
      box.showModal();
    }
    return;
  }
  const closes = event.target.closest("[data-closes]");
  if (closes) {
    event.preventDefault();
    closes.closest("dialog")?.close();
    return;
  }
  // A click on the veil closes.
  if (event.target.matches("dialog")) {
    const area = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= area.left && event.clientX <= area.right && event.clientY >= area.top && event.clientY <= area.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener(
  "close",
  (event) => {
    if (event.target.id === "drawer") {
      document.getElementById("drawer-body").replaceChildren();
      if (opener && opener.isConnected) opener.focus();
      opener = null;
    }
  },
  true,
);

// A form in the drawer was saved: close it, renew the list, say so.
document.addEventListener("linli:saved", (event) => {
  if (drawer()?.open) drawer().close();
  const said = event.detail && (event.detail.message || event.detail.value);
  if (said) toast(said);
  refreshRows();
});

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  confirmed(ctx.confirm).then((yes) => (yes ? issueRequest() : dropRequest()));
});

// Plain forms and their buttons may ask first: data-confirm="确定要……？"
document.addEventListener("submit", (event) => {
  const form = event.target;
  const asks = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (!asks || form.dataset.agreed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  confirmed(asks).then((yes) => {
    if (!yes) return;
    form.dataset.agreed = "1";
    form.requestSubmit(submitter || undefined);
    delete form.dataset.agreed;
  });
}, true);
