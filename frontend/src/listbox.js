// Arrow keys over a list of options that belongs to an input (WAI-ARIA combobox pattern).
export function moveIn(list, input, step) {
  const options = [...list.querySelectorAll("[role=option]")];
  if (!options.length) return null;
  const now = options.findIndex((option) => option.classList.contains("at"));
  const next = options[(now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length];
  mark(list, input, next);
  next.scrollIntoView({ block: "nearest" });
  return next;
}

export function mark(list, input, option) {
  for (const other of list.querySelectorAll(".at")) {
    other.classList.remove("at");
    other.setAttribute("aria-selected", "false");
  }
  if (option) {
    option.classList.add("at");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

export function marked(list) {
  return list.querySelector("[role=option].at");
}
