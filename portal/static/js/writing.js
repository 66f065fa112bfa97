/* The forms of the desk: what is typed is kept in the browser, comes back after a closed tab, and is saved once when a
   lost connection is there again. Every form does its work without this file. */
(() => {
  "use strict";

  const desk = document.getElementById("desk");
  if (!desk) return;
  const words = desk.dataset;
  const drafts = draftsOf(words.person, words.letter, words.half);
  const KEEP_MS = 400;
  const RETRY_MS = 5000;
  const timers = new WeakMap();
  const FORM = "form[data-writing]";
  const NOT_KEPT = new Set(["csrf_token"]);

  const nameOf = (form) => `${form.dataset.writing}:${form.dataset.began}`;
  const fieldsOf = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name)));
  const typedIn = (form) => [...form.querySelectorAll("textarea, input:not([type=hidden])")];
  const isTouched = (form) => typedIn(form).some((field) => field.value !== field.defaultValue);
  const typedAs = (form) => JSON.stringify(typedIn(form).map((field) => field.value));
  const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const tell = (form, text, link) => {
    const place = form.querySelector("[data-kept]");
    if (!place) return;
    place.textContent = text;
    if (link) place.append(" ", Object.assign(document.createElement("a"), link));
  };

  const keep = async (form, sent = false) => {
    if (!form.isConnected) return;
    if (!isTouched(form) && !sent) {
      await drafts.drop(nameOf(form));
      return tell(form, "");
    }
    if (sent) form.dataset.sentAs = typedAs(form);
    const kept = await drafts.keep(nameOf(form), {
      fields: fieldsOf(form), path: form.action, sent: form.dataset.sentAs !== undefined, sentAs: form.dataset.sentAs,
    });
    if (form.dataset.waiting !== undefined) return tell(form, kept ? words.offline : words.offlineUnkept);
    if (kept) return tell(form, words.kept.replace("{time}", clock(Date.now())));
    tell(form, drafts.isShared() ? words.sharedNow : words.unkept);
  };

  /* Written away at once when the page is left, otherwise a moment after the last key. */
  const soon = (form) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(keep, KEEP_MS, form));
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(FORM);
    if (form) soon(form);
  });
  /* This file may come after the first words were typed. */
  document.querySelectorAll(FORM).forEach((form) => { if (isTouched(form)) soon(form); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) document.querySelectorAll(FORM).forEach((form) => { if (isTouched(form)) keep(form); });
  });

  /* ---- saving, also later ---- */

  const hold = (form) => {
    form.dataset.waiting = "";
    keep(form, true);
  };
  const again = () => document.querySelectorAll(`${FORM}[data-waiting]`).forEach((form) => {
    delete form.dataset.waiting;
    form.requestSubmit();
  });
  /* The desk's own asking says that the server answers again; on a page of its own nothing asks. */
  document.addEventListener("desk:answered", again);
  addEventListener("online", again);

  /* The same form, with its key, is sent until it arrives: the server does it once. When more was typed since it was
     sent, it is another save: under the same key the server would take it for the first one. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.(FORM)) return;
    clearTimeout(timers.get(form));
    if (form.dataset.sentAs !== undefined && form.dataset.sentAs !== typedAs(form)) {
      form.elements.once.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
      delete form.dataset.sentAs;
    }
    if (form.hasAttribute("hx-post")) return;
    if (navigator.onLine) {
      keep(form, true);
    } else {
      event.preventDefault();
      event.stopImmediatePropagation();
      hold(form);
    }
  }, true);
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target.closest?.(FORM);
    if (!form) return;
    hold(form);
    setTimeout(() => { if (navigator.onLine && form.isConnected && form.dataset.waiting !== undefined) again(); }, RETRY_MS);
  });

  /* A new sign-in has new tokens. What was typed stays where it is. */
  const freshToken = async (form) => {
    const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrf_token]");
    if (!page.ok || !found) return;
    form.elements.csrf_token.value = found.value;
    form.requestSubmit();
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    /* The form itself, also when its answer has taken its place. */
    const form = event.detail.requestConfig?.elt;
    if (!form?.matches(FORM)) return;
    const status = event.detail.xhr.status;
    if (event.detail.successful || status === 409) drafts.drop(nameOf(form));
    if (event.detail.successful || status === 409) document.dispatchEvent(new Event("desk:saved"));
    if (status === 401) tell(form, words.signedOut, { href: words.signIn, target: "_blank", textContent: words.signInWords });
    if (status === 400 && !form.dataset.tried) {
      form.dataset.tried = "";
      freshToken(form);
    }
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-let-go]")?.closest(FORM);
    if (form) drafts.drop(nameOf(form));
  });

  /* ---- what was typed before ---- */

  const button = (text, act, second) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
    if (second) made.className = "second";
    return made;
  };
  const offer = (draft, place, bring) => {
    const box = Object.assign(document.createElement("div"), { className: "notice notice-info" });
    box.dataset.draft = draft.name;
    const line = document.createElement("p");
    line.textContent = (draft.sent ? words.wasSent : words.was).replace("{time}", clock(draft.at));
    const typed = Object.assign(document.createElement("p"), { className: "quiet", dir: "auto" });
    typed.textContent = draft.fields.text.slice(0, 160);
    const acts = Object.assign(document.createElement("div"), { className: "acts" });
    acts.append(
      button(words.bring, () => { box.remove(); bring(); }),
      button(words.letgo, () => { box.remove(); drafts.drop(draft.name); }, true),
    );
    box.append(line, typed, acts);
    place.prepend(box);
  };

  const fill = (form, draft) => {
    for (const [name, value] of Object.entries(draft.fields)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    form.dataset.began = draft.name.split(":")[1];
    if (draft.sentAs !== undefined) form.dataset.sentAs = draft.sentAs;
    const text = form.querySelector("textarea");
    text.focus();
    keep(form);
  };
  const bringToCard = async (card, draft) => {
    const link = card.querySelector("[data-write]");
    await htmx.ajax("GET", link.getAttribute("href"), { source: link, target: card, select: `#${card.id}`, swap: "outerHTML" });
    const form = document.getElementById(card.id)?.querySelector(FORM);
    if (form) fill(form, draft);
  };

  const lookForDrafts = async () => {
    for (const draft of await drafts.all()) {
      const [writing, began] = draft.name.split(":");
      const form = document.querySelector(`form[data-writing="${CSS.escape(writing)}"]`);
      const card = document.getElementById(`block_${writing}`);
      /* A form that came back with errors holds its words already. */
      if (form) {
        if (!form.querySelector(".problem")) offer(draft, form, () => fill(form, draft));
      }
      else if (card?.dataset.mark) {
        /* It was sent as a plain form, and the part moved on: it arrived. */
        if (draft.sent && Number.parseInt(card.dataset.mark, 10) > Number(began)) await drafts.drop(draft.name);
        else if (card.querySelector("[data-write]")) offer(draft, card, () => bringToCard(card, draft));
      } else if (writing.startsWith("new-") && document.getElementById("blocks")) {
        if (draft.sent && document.referrer === draft.path) await drafts.drop(draft.name);
        else offer(draft, document.getElementById("adding") ?? document.getElementById("desk_said"), () => location.assign(draft.path));
      }
    }
  };
  lookForDrafts();

  /* ---- a computer that others use ---- */

  const shared = document.querySelector("#shared input");
  if (shared && drafts.can) {
    shared.closest("#shared").hidden = false;
    shared.checked = drafts.isShared();
    shared.addEventListener("change", async () => {
      await drafts.share(shared.checked);
      document.querySelectorAll(FORM).forEach((form) => keep(form));
      if (shared.checked) document.querySelectorAll("[data-draft]").forEach((box) => box.remove());
    });
  }

  /* ---- two parts where the cursor stands ---- */

  const addSplit = (root) => root.querySelectorAll(`${FORM}[data-split]`).forEach((form) => {
    if (form.querySelector("[data-split-here]")) return;
    const text = form.querySelector("textarea");
    const made = button(words.splitHere, () => {
      const at = text.selectionStart;
      const rest = text.value.slice(at);
      if (!rest.trim() || !text.value.slice(0, at).trim()) return tell(form, words.splitWhere);
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "rest", value: rest }));
      text.value = text.value.slice(0, at);
      form.action = form.dataset.split;
      drafts.drop(nameOf(form)).then(() => HTMLFormElement.prototype.submit.call(form));
    }, true);
    made.dataset.splitHere = "";
    form.querySelector(".acts:last-of-type").append(made);
  });
  addSplit(document);
  document.addEventListener("htmx:load", (event) => addSplit(event.detail.elt.parentElement ?? document));
})();
