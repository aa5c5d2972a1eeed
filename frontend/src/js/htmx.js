// htmx under a content security policy without inline code: no eval, no injected style, our token on unsafe requests.
import htmx from "htmx.org";
import { csrfToken } from "./csrf.js";

export function startHtmx() {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    scrollIntoViewOnBoost: false,
    // A refused fragment comes back as a sentence: show it where the fragment would stand.
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "[45]..", swap: true, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!["get", "head"].includes(event.detail.verb)) event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:sendError", (event) => {
    const place = event.detail.elt.closest("[data-offline-text]");
    if (!place) return;
    const line = document.createElement("p");
    line.className = "x-error";
    line.textContent = place.dataset.offlineText;
    place.replaceChildren(line);
  });
}
