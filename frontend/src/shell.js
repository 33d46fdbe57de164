// The frame: theme and size switches, the sidebar on a phone, menus that close, copy on click.
import { toast } from "./say.js";

const root = document.documentElement;

function keep(key, value) {
  if (value) root.setAttribute("data-" + key, value);
  else root.removeAttribute("data-" + key);
  try {
    if (value) localStorage.setItem("linli-" + key, value);
    else localStorage.removeItem("linli-" + key);
  } catch {
    // Not kept; it still holds for this page.
  }
}

function showSwitches() {
  for (const button of document.querySelectorAll("[data-switch]")) {
    const [key, value] = button.dataset.switch.split(":");
    button.setAttribute("aria-pressed", String(root.getAttribute("data-" + key) === value));
  }
}

function openNav(open) {
  const button = document.querySelector(".nav-toggle");
  if (!button) return;
  if (open) root.setAttribute("data-nav", "open");
  else root.removeAttribute("data-nav");
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".side a")?.focus();
}

async function copy(button) {
  const text = button.dataset.copy || button.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http has no clipboard interface: the old way.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  toast("已复制");
}

document.addEventListener("click", (event) => {
  const target = event.target;
  const flip = target.closest("[data-switch]");
  if (flip) {
    const [key, value] = flip.dataset.switch.split(":");
    keep(key, root.getAttribute("data-" + key) === value ? "" : value);
    showSwitches();
    document.dispatchEvent(new CustomEvent("linli:theme"));
    return;
  }
  if (target.closest(".nav-toggle")) {
    openNav(root.getAttribute("data-nav") !== "open");
    return;
  }
  if (target.closest(".nav-veil")) openNav(false);
  if (target.closest("[data-print]")) window.print();
  const copied = target.closest(".copy");
  if (copied) copy(copied);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (root.getAttribute("data-nav") === "open") {
      openNav(false);
      document.querySelector(".nav-toggle")?.focus();
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  }
  // "/" goes to the search, as in most tools people know.
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.getElementById("global-search");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

showSwitches();

// A long sidebar shows where one is.
const side = document.querySelector(".side");
const here = side?.querySelector("[aria-current]");
if (here && here.offsetTop + here.offsetHeight > side.clientHeight) {
  side.scrollTop = here.offsetTop - side.clientHeight / 2;
}
