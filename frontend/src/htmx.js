// htmx with the house's settings: tokens on writes, clean addresses, no server errors swapped into the page.
import htmx from "htmx.org";
import { toast } from "./say.js";

htmx.config.noSwap = [204, 304, "5xx"];
htmx.config.history = "reload";
htmx.config.includeIndicatorCSS = false;
window.htmx = htmx;

export function csrfToken() {
  const meta = document.querySelector("meta[name=csrf-token]");
  return meta ? meta.content : "";
}

document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  // What a page asks by itself does not keep an idle session alive.
  if (sourceElement.closest("[data-background]")) request.headers["Linli-Background"] = "1";
  if (request.method === "GET") {
    // Empty filters stay out of the address.
    const body = request.body;
    if (body && typeof body.entries === "function") {
      const filled = [...body.entries()].filter(([, value]) => value !== "");
      const keys = new Set([...body.keys()]);
      keys.forEach((key) => body.delete(key));
      filled.forEach(([key, value]) => body.append(key, value));
    }
  } else {
    request.headers["X-CSRFToken"] = csrfToken();
  }
});

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status >= 500) toast("系统出错了，请稍后再试。若一直出现，请告诉管理员。", "danger");
  if (status === 403) toast("没有权限，或登录已过期。请刷新页面后再试。", "danger");
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.error && event.detail.error.name !== "AbortError") {
    toast("网络不通，请检查后再试。", "danger");
  }
});

// A login page must not be swapped into a fragment: go there.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (raw.redirected && raw.headers.get("X-Page") === "plain") {
    event.preventDefault();
    location.reload();
  }
});

export default htmx;
