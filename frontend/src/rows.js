// Row selection: the batch bar shows itself, the heading's box knows all / some / none.
class Rows extends HTMLElement {
  connectedCallback() {
    this.setAttribute("data-ready", "");
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-pick-all]")) {
        for (const box of this.boxes()) box.checked = event.target.checked;
      }
      if (event.target.matches("[data-pick], [data-pick-all]")) this.show();
    });
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-pick-none]")) {
        for (const box of this.boxes()) box.checked = false;
        this.show();
      }
      if (event.target.closest("[data-pick-every]")) {
        this.querySelector("input[name=all]").value = "1";
        for (const box of this.boxes()) box.checked = true;
        this.show(true);
      }
      const box = event.target.closest("[data-pick]");
      if (box && event.shiftKey && this.last && this.last !== box) this.range(this.last, box);
      if (box) this.last = box;
    });
    this.show();
  }

  boxes() {
    return [...this.querySelectorAll("[data-pick]")];
  }

  range(from, to) {
    const boxes = this.boxes();
    const [a, b] = [boxes.indexOf(from), boxes.indexOf(to)].sort((x, y) => x - y);
    for (const box of boxes.slice(a, b + 1)) box.checked = to.checked;
    this.show();
  }

  show(every = false) {
    const boxes = this.boxes();
    const picked = boxes.filter((box) => box.checked);
    this.toggleAttribute("data-some", picked.length > 0);
    for (const box of boxes) box.closest("tr")?.classList.toggle("selected", box.checked);
    const all = this.querySelector("[data-pick-all]");
    if (all) {
      all.checked = boxes.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
    const hidden = this.querySelector("input[name=all]");
    if (hidden && !every) hidden.value = "";
    const count = this.querySelector("[data-picked]");
    if (count) count.textContent = every ? count.dataset.total : String(picked.length);
    const offer = this.querySelector("[data-pick-every]");
    if (offer) offer.hidden = every || picked.length !== boxes.length;
  }
}

customElements.define("linli-rows", Rows);
