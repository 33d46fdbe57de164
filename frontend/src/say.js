// Short messages at the foot of the page, read out by screen readers.
export function toast(text, tone = "") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const item = document.createElement("div");
  item.className = ("toast " + tone).trim();
  item.textContent = text;
  place.append(item);
  setTimeout(() => item.remove(), tone === "danger" ? 8000 : 3000);
}

// Asks in a dialog; resolves to true or false.
export function confirmed(text, yes = "确定") {
  return new Promise((resolve) => {
    const box = document.createElement("dialog");
    box.className = "dialog";
    box.setAttribute("aria-labelledby", "confirm-text");
    const body = document.createElement("p");
    body.className = "dialog-body";
    body.id = "confirm-text";
    body.textContent = text;
    const foot = document.createElement("div");
    foot.className = "dialog-foot";
    const no = document.createElement("button");
    no.type = "button";
    no.className = "button";
    no.textContent = "取消";
    const go = document.createElement("button");
    go.type = "button";
    go.className = "button primary";
    go.textContent = yes;
    foot.append(no, go);
    box.append(body, foot);
    document.body.append(box);
    let answer = false;
    no.addEventListener("click", () => box.close());
    go.addEventListener("click", () => {
      answer = true;
      box.close();
    });
    box.addEventListener("close", () => {
      box.remove();
      resolve(answer);
    });
    box.showModal();
    go.focus();
  });
}
