// Turns a <select> into an input that is typed into: names, codes and pinyin initials (data-find on an option) are
// searched. With data-src, further options come from that address as JSON: {"results": [{"value", "label", "hint"}]}.
import { mark, marked, moveIn } from "./listbox.js";

let serial = 0;
const SHOWN = 60;

class Combobox extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    const id = this.select.id || "combo-" + ++serial;
    this.select.id = id + "-select";
    const input = document.createElement("input");
    input.type = "text";
    input.autocomplete = "off";
    input.id = id;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id + "-list");
    input.placeholder = this.dataset.placeholder || "输入文字查找";
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      if (this.select.hasAttribute(name)) input.setAttribute(name, this.select.getAttribute(name));
    }
    input.required = this.select.required;
    this.select.required = false;
    input.disabled = this.select.disabled;
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    const focus = this.select.autofocus;
    this.select.hidden = true;
    this.list = document.createElement("div");
    this.list.id = id + "-list";
    this.list.className = "combo-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label ? label.textContent.trim() : "选项");
    this.input = input;
    this.append(input, this.list);
    this.showChosen();
    if (focus) input.focus();

    input.addEventListener("input", () => this.search(input.value));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => this.search(""));
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.leave(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option.dataset.value, option.dataset.label);
    });
    this.select.addEventListener("change", () => this.showChosen());
  }

  showChosen() {
    const option = this.select.selectedOptions[0];
    this.input.value = option && option.value !== "" ? option.textContent.trim() : "";
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search("");
      else moveIn(this.list, this.input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const option = marked(this.list);
      if (option) this.choose(option.dataset.value, option.dataset.label);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.showChosen();
    }
  }

  async search(text) {
    const wanted = text.trim().toLowerCase();
    if (this.dataset.src && wanted) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(wanted), 200);
      return;
    }
    const found = [];
    for (const option of this.select.options) {
      if (option.value === "" && wanted) continue;
      const where = (option.textContent + " " + option.value + " " + (option.dataset.find || "")).toLowerCase();
      if (!wanted || where.includes(wanted)) {
        found.push({ value: option.value, label: option.textContent.trim(), hint: option.dataset.hint || "" });
      }
      if (found.length >= SHOWN) break;
    }
    this.show(found);
  }

  async fetch(wanted) {
    const url = new URL(this.dataset.src, location.href);
    url.searchParams.set("q", wanted);
    this.asked = wanted;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const { results } = await response.json();
      if (this.asked === wanted) this.show(results);
    } catch {
      this.show([], "查找失败，请重试。");
    }
  }

  show(found, said = "没有找到。换个字词试试。") {
    this.list.replaceChildren();
    found.forEach(({ value, label, hint }, index) => {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.id = this.list.id + "-" + index;
      option.dataset.value = value;
      option.dataset.label = label;
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = label;
      option.append(name);
      if (hint) {
        const small = document.createElement("small");
        small.textContent = hint;
        option.append(small);
      }
      this.list.append(option);
    });
    if (!found.length) {
      const none = document.createElement("div");
      none.className = "none";
      none.textContent = said;
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    mark(this.list, this.input, this.list.querySelector("[role=option]"));
  }

  choose(value, label) {
    let option = [...this.select.options].find((one) => one.value === value);
    if (!option) {
      option = new Option(label, value);
      this.select.append(option);
    }
    this.select.value = value;
    this.showChosen();
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    this.close();
    if (this.input.value.trim() === "" && this.select.value !== "") {
      const none = [...this.select.options].find((one) => one.value === "");
      if (none) this.choose("", "");
    }
    this.showChosen();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    mark(this.list, this.input, null);
  }
}

customElements.define("linli-combobox", Combobox);
