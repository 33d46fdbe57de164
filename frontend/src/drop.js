// A place to drop a file, with the upload's progress. The form around it is sent as it is; where the server answers
// with a redirect we follow it, where it answers with the form and its errors they take the page's place.
import htmx from "./htmx.js";
import { toast } from "./say.js";

class Drop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const area = this.querySelector(".drop") || this;
    const form = this.closest("form");
    if (!input || !form) return;
    for (const kind of ["dragenter", "dragover"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) {
      area.addEventListener(kind, (event) => {
        event.preventDefault();
        area.classList.remove("over");
      });
    }
    area.addEventListener("drop", (event) => {
      if (event.dataTransfer?.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    input.addEventListener("change", () => this.check(input));
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !input.files.length) return;
      event.preventDefault();
      this.send(form, event.submitter);
    });
  }

  check(input) {
    const limit = Number(this.dataset.max || 0);
    const file = input.files[0];
    const big = file && limit && file.size > limit;
    input.setCustomValidity(big ? `文件太大，最多 ${Math.floor(limit / 1048576)} MB。请分成几个文件。` : "");
    if (big) input.reportValidity();
  }

  send(form, submitter) {
    const bar = this.querySelector("progress");
    const said = this.querySelector("[data-said]");
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    const action = new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href, location.href);
    const request = new XMLHttpRequest();
    request.open("POST", action.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || !bar) return;
      bar.hidden = false;
      bar.max = event.total;
      bar.value = event.loaded;
      const share = Math.floor((event.loaded / event.total) * 100);
      if (said) said.textContent = share < 100 ? `已上传 ${share}%` : "已上传，正在检查……";
    });
    request.addEventListener("load", () => {
      if (submitter) submitter.disabled = false;
      if (request.status >= 500 || request.status === 413) {
        if (bar) bar.hidden = true;
        if (said) said.textContent = "";
        toast(request.status === 413 ? "文件太大，服务器没有收下。" : "系统出错了，请稍后再试。", "danger");
        return;
      }
      // The page to go to comes as a header, so that its messages wait for the page itself.
      const next = request.getResponseHeader("Linli-Location");
      if (next) {
        location.assign(next);
        return;
      }
      const landed = new URL(request.responseURL || action.href);
      if (landed.pathname !== action.pathname) {
        location.assign(landed.href);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      const here = document.querySelector("main");
      if (!main || !here) {
        location.assign(landed.href);
        return;
      }
      here.replaceChildren(...main.childNodes);
      htmx.process(here);
      here.querySelector("[aria-invalid=true]")?.focus();
    });
    request.addEventListener("error", () => {
      if (submitter) submitter.disabled = false;
      toast("上传没有完成：网络不通，请重试。", "danger");
    });
    if (submitter) submitter.disabled = true;
    request.send(data);
  }
}

customElements.define("linli-drop", Drop);
