/* Comfort only: every page does its work without this file. */
(() => {
  "use strict";

  const BUSY_MS = 8000;
  document.documentElement.classList.add("js");

  const say = (text) => {
    const live = document.getElementById("live");
    if (live && text) live.textContent = text;
  };

  /* The server tells the browser to forget what the desk kept; where a browser does not know how, this does it. */
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname === "/sign-out") indexedDB.deleteDatabase("doorstep-desk");
  }, true);

  /* A second press does no harm (the server sees to that); this only shows that the first one was felt. */
  const rest = (form) => {
    form.removeAttribute("aria-busy");
    form.querySelectorAll("button[data-busy]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("data-busy");
    });
  };

  /* Caught on the way down, before htmx sees it. The button is not disabled: it would lose the keyboard's place. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    setTimeout(() => {
      if (event.defaultPrevented && !form.matches("[hx-post], [hx-get]")) return;
      form.setAttribute("aria-busy", "true");
      form.querySelectorAll("button:not([type=button])").forEach((button) => {
        button.dataset.busy = "";
        button.setAttribute("aria-disabled", "true");
      });
    }, 0);
    /* A form that answers with a file leaves the page standing. */
    setTimeout(rest, BUSY_MS, form);
  }, true);
  addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(rest));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) return print();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(button.dataset.copied);
    } catch {
      button.parentElement.querySelector("input")?.select();
    }
  });

  const ready = (root) => {
    root.querySelectorAll("[data-copy][hidden], [data-print][hidden]").forEach((button) => { button.hidden = false; });
  };
  ready(document);

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) rest(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.elt;
    ready(place);
    const problem = place.matches(".problem") ? place : place.querySelector(".problem");
    if (problem) problem.focus();
    else say(place.dataset.announce ?? place.querySelector("[data-announce]")?.dataset.announce ?? "");
  });
  const trouble = () => say(document.getElementById("live")?.dataset.trouble);
  document.addEventListener("htmx:responseError", trouble);
  document.addEventListener("htmx:sendError", trouble);
  document.addEventListener("htmx:timeout", trouble);
})();
