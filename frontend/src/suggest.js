// The global search: suggestions below the box, reached by arrow keys. Without them the form simply submits.
import { mark, marked, moveIn } from "./listbox.js";

class Suggest extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const list = this.querySelector(".combo-list");
    if (!input || !list) return;
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) mark(list, input, null);
    };
    list.addEventListener("htmx:after:swap", () => show(list.childElementCount > 0 && document.activeElement === input));
    document.addEventListener("htmx:after:swap", (event) => {
      if (event.detail.ctx?.target === list) show(list.childElementCount > 0 && document.activeElement === input);
    });
    input.addEventListener("input", () => {
      if (!input.value.trim()) show(false);
    });
    input.addEventListener("focus", () => {
      if (list.childElementCount && input.value.trim()) show(true);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        moveIn(list, input, event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        const option = marked(list);
        if (option) {
          event.preventDefault();
          location.assign(option.href);
        }
      } else if (event.key === "Escape") {
        event.stopPropagation();
        show(false);
      }
    });
    input.addEventListener("blur", () => setTimeout(() => show(false), 180));
  }
}

customElements.define("linli-suggest", Suggest);
