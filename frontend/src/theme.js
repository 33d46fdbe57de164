// Runs before the first paint, so that the page never flashes in the wrong theme or size.
(() => {
  const root = document.documentElement;
  root.setAttribute("data-js", "");
  try {
    for (const key of ["theme", "size"]) {
      const kept = localStorage.getItem("linli-" + key);
      if (kept) root.setAttribute("data-" + key, kept);
    }
  } catch {
    // Storage may be forbidden; the page then keeps the light theme and the usual size.
  }
})();
