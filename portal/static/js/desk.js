/* The desk as several people use it at once: others' saves appear, nothing is put over a field that somebody types in,
   and parts are moved without leaving the page. Without this file every link and button does the same by itself. */
(() => {
  "use strict";

  const desk = document.getElementById("desk");
  const parts = document.getElementById("blocks");
  if (!desk || !parts) return;
  const words = desk.dataset;
  const LOOK_MS = 2500;
  const LONGEST_MS = 60000;
  const ASIDE_MS = 5000;
  const HERE_MS = 40000;
  const TYPING_MS = 20000;
  const state = document.getElementById("desk_state");
  let seen = state.dataset.seen;
  let shownAside = state.dataset.desk;
  let lastAside = 0;
  let troubles = 0;
  let isOver = false;
  let isMissed = false;
  let timer = 0;
  let looking = null;

  /* What only a writer needs comes when somebody begins to write, or when a text may be kept here from before. */
  const later = document.currentScript.dataset.later.split(" ");
  let isLoaded = false;
  const loadWriting = () => {
    if (isLoaded) return;
    isLoaded = true;
    /* In their order: the second uses the first. */
    document.head.append(...later.map((src) => Object.assign(document.createElement("script"), { src, async: false })));
  };
  /* Not before the form is there: what comes with it moves the page, and a press that has begun would miss its link. */
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.querySelector?.("form[data-writing]")) loadWriting();
  });
  const mayBeKept = async () => {
    try {
      if (localStorage.getItem("doorstep-shared-computer")) return true;
      return (await indexedDB.databases()).some((it) => it.name === "doorstep-desk");
    } catch { return true; }
  };
  mayBeKept().then((is) => { if (is) loadWriting(); });
  if (document.querySelector("form[data-writing]")) loadWriting();

  const cards = () => [...parts.querySelectorAll(":scope > article[id^=block_]")];
  const numberOf = (card) => card.id.slice("block_".length);
  const isWriting = (card) => Boolean(card.querySelector("form[data-writing]"));
  const say = (text) => { document.getElementById("live").textContent = text; };
  const notice = (text, tone) => {
    const box = Object.assign(document.createElement("div"), { className: `notice notice-${tone}` });
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    return box;
  };
  const tell = (text, tone = "wrong") => document.getElementById("desk_said").replaceChildren(notice(text, tone));

  /* ---- asking what is new ---- */

  const question = () => {
    const asked = new URLSearchParams({ seen });
    asked.set("have", cards().map((card) => `${numberOf(card)}:${card.dataset.mark ?? ""}`).join(","));
    asked.set("removed", document.getElementById("removed")?.dataset.mark ?? "");
    if (Date.now() - lastAside > ASIDE_MS) asked.set("aside", shownAside);
    return `${words.live}?${asked}`;
  };

  const ask = async () => {
    try {
      const answer = await fetch(question());
      if ([401, 403, 404].includes(answer.status) || answer.redirected) {
        isOver = true;
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.status !== 204) show(await answer.text());
      troubles = 0;
      document.dispatchEvent(new Event("desk:answered"));
    } catch {
      troubles += 1;
    }
  };
  /* One asking at a time; whoever needs a fresh one waits for the one under way and asks again. */
  const look = async () => {
    clearTimeout(timer);
    while (looking) await looking;
    if (isOver) return;
    looking = ask();
    await looking;
    looking = null;
    clearTimeout(timer);
    if (!document.hidden && !isOver) timer = setTimeout(look, Math.min(LONGEST_MS, LOOK_MS * 2 ** troubles));
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else look(); });
  document.addEventListener("desk:saved", look);
  addEventListener("online", () => { troubles = 0; look(); });

  /* ---- putting it in its place ---- */

  const show = (text) => {
    const got = new DOMParser().parseFromString(text, "text/html");
    const now = got.getElementById("desk_state").dataset;
    const focused = document.activeElement;
    got.querySelectorAll("[data-part]").forEach((it) => put(it.querySelector("article"), it.dataset.news));
    arrange(now.order ? now.order.split(",") : []);
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    putPresence(got.getElementById("here"));
    const removed = got.getElementById("removed");
    if (removed) swap(document.getElementById("removed"), removed);
    const aside = got.querySelector("[data-aside]");
    if (aside) {
      for (const section of [...aside.children]) {
        const old = document.getElementById(section.id);
        /* What this page was told after its own save stays to be read. */
        const said = old?.querySelector("[data-said]");
        if (said) section.querySelector(".lede")?.after(said);
        swap(old, section);
      }
      shownAside = now.desk;
      lastAside = Date.now();
    }
    /* What could not be put in its place is asked for again. */
    seen = isMissed ? "" : now.seen;
    isMissed = false;
    if (now.closed !== undefined) {
      isOver = true;
      tell(words.closed, "warn");
      document.querySelector("#desk_said p").append(" ", Object.assign(document.createElement("a"), { href: location.pathname, textContent: words.reload }));
    }
  };

  const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), textarea";
  /* The new piece opens what was open, and has the keyboard where it was. */
  const swap = (old, piece) => {
    if (!old) return;
    piece.removeAttribute("hx-swap-oob");
    const open = [...old.querySelectorAll("details")].map((it) => it.open);
    const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    old.replaceWith(piece);
    piece.querySelectorAll("details").forEach((it, number) => { it.open ||= open[number] ?? false; });
    if (at >= 0) piece.querySelectorAll(FOCUSABLE)[at]?.focus({ preventScroll: true });
    htmx.process(piece);
    addHandles();
  };

  const put = (card, news) => {
    const here = document.getElementById(card.id);
    if (!here) {
      parts.querySelector(":scope > .empty")?.remove();
      parts.insertBefore(card, document.getElementById("adding") ?? document.getElementById("removed"));
      htmx.process(card);
      addHandles();
    } else if (here.dataset.mark === card.dataset.mark) {
      return;
    } else if (here.querySelector(".htmx-request")) {
      /* An answer for this very card is on its way: put in its place now, the card would be lost to it. */
      isMissed = true;
    } else if (isWriting(here)) {
      const isNewer = Number.parseInt(card.dataset.mark, 10) > Number.parseInt(here.dataset.mark, 10);
      here.dataset.mark = card.dataset.mark;
      if (isNewer) tellIn(here, news, { href: card.querySelector("header a").href, target: "_blank", textContent: words.look });
    } else {
      swap(here, card);
    }
  };
  /* Above the form, once; the newest news is enough. */
  const tellIn = (card, text, link) => {
    card.querySelector(":scope > [data-news]")?.remove();
    const box = notice(text, "info");
    box.dataset.news = "";
    box.setAttribute("role", "status");
    if (link) box.firstChild.append(" ", Object.assign(document.createElement("a"), link));
    card.querySelector("form[data-writing]").before(box);
  };

  const arrange = (order) => {
    for (const card of cards()) {
      if (order.includes(numberOf(card))) continue;
      if (isWriting(card)) tellIn(card, words.gone);
      else card.remove();
    }
    let before = null;
    for (const number of order) {
      const card = document.getElementById(`block_${number}`);
      if (!card) continue;
      const wanted = before ? before.nextElementSibling : cards()[0];
      if (card !== wanted) parts.insertBefore(card, wanted);
      before = card;
    }
  };

  const putPresence = (list) => {
    if (!list) return;
    list.querySelector(`[data-who="${words.person}"]`)?.remove();
    document.getElementById("here").replaceWith(list);
    document.querySelectorAll("[data-writer]").forEach((it) => it.remove());
    list.querySelectorAll("li").forEach((it) => {
      const header = it.dataset.on && document.querySelector(`#block_${it.dataset.on} > header`);
      if (!header) return;
      const span = Object.assign(document.createElement("span"), { className: "here", textContent: it.dataset.writes });
      span.dataset.writer = "";
      header.append(span);
    });
  };

  /* ---- saying that one is here ---- */

  let toldAt = 0;
  let toldOn = "";
  const tellHere = (on) => {
    const pause = on ? TYPING_MS : HERE_MS;
    if (document.hidden || isOver || (on === toldOn && Date.now() - toldAt < pause)) return;
    toldAt = Date.now();
    toldOn = on;
    fetch(words.here, { method: "POST", body: new URLSearchParams({ csrf_token: words.token, on }) }).catch(() => {});
  };
  const partOf = (place) => {
    const card = place.closest?.("form[data-writing]")?.closest("article[id^=block_]");
    return card ? numberOf(card) : "";
  };
  ["focusin", "input"].forEach((kind) => parts.addEventListener(kind, (event) => tellHere(partOf(event.target))));
  /* Whoever has saved the last part that was open writes nowhere. */
  parts.addEventListener("htmx:afterSettle", () => { if (toldOn && !parts.querySelector("form[data-writing]")) tellHere(""); });
  setInterval(() => tellHere(partOf(document.activeElement)), HERE_MS / 4);
  tellHere("");

  /* ---- moving, removing, putting back ---- */

  const post = async (address, body) => {
    try {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams(body), headers: { "X-Desk": "1" } });
      document.getElementById("desk_said").replaceChildren();
      if (answer.ok) {
        await look();
        return true;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      tell(page.querySelector("#blocks .notice-wrong p")?.lastChild.textContent.trim() || document.getElementById("live").dataset.trouble);
    } catch {
      tell(document.getElementById("live").dataset.trouble);
    }
    return false;
  };
  const tellMoved = (card) => {
    const order = cards();
    say(words.moved.replace("{part}", card.querySelector("h3").textContent)
      .replace("{place}", order.indexOf(card) + 1).replace("{count}", order.length));
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const card = form.closest("[data-part-acts]")?.closest("article");
    if (!card && !form.closest("#removed")) return;
    event.preventDefault();
    const pressed = event.submitter ?? form.querySelector("button");
    const label = pressed.firstChild.textContent.trim();
    const sent = new FormData(form);
    if (pressed.name) sent.set(pressed.name, pressed.value);
    if (!await post(pressed.getAttribute("formaction") ?? form.action, sent)) return;
    const now = card && document.getElementById(card.id);
    if (now) {
      const acts = now.querySelector("[data-part-acts]");
      acts.closest("details").open = true;
      const same = [...acts.querySelectorAll("button")].find((it) => it.firstChild.textContent.trim() === label);
      (same ?? acts.querySelector("button")).focus();
      now.scrollIntoView({ block: "nearest" });
      tellMoved(now);
    } else {
      const undo = document.querySelector("#removed details");
      if (undo) undo.open = true;
      (document.querySelector(card ? "#removed form:last-of-type button" : "#removed summary") ?? parts.querySelector("a"))?.focus();
    }
  }, true);

  /* ---- dragging, for those who like it ---- */

  const addHandles = () => cards().forEach((card) => {
    if (!card.querySelector("[data-part-acts]") || card.querySelector(".drag")) return;
    const handle = Object.assign(document.createElement("span"), { className: "drag", textContent: "⠿" });
    handle.setAttribute("aria-hidden", "true");
    handle.title = words.drag.replace("{part}", card.querySelector("h3").textContent);
    card.querySelector("header").prepend(handle);
  });
  addHandles();
  document.addEventListener("htmx:afterSettle", addHandles);

  parts.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".drag")?.closest("article");
    if (!card || event.button !== 0) return;
    event.preventDefault();
    const handle = event.target;
    let under = card;
    let isAbove = false;
    const mark = () => cards().forEach((it) => it.classList.remove("drop-above", "drop-below"));
    const move = (where) => {
      const found = document.elementFromPoint(where.clientX, where.clientY)?.closest("#blocks > article[id^=block_]");
      if (!found) return;
      const box = found.getBoundingClientRect();
      under = found;
      isAbove = where.clientY < box.top + box.height / 2;
      mark();
      if (found !== card) found.classList.add(isAbove ? "drop-above" : "drop-below");
    };
    const end = async (last) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      mark();
      if (last.type === "pointercancel" || under === card) return;
      const order = cards().filter((it) => it !== card);
      const after = isAbove ? order[order.indexOf(under) - 1] : under;
      const to = words.place.replace("/blocks/0/", `/blocks/${numberOf(card)}/`);
      if (await post(to, { csrf_token: words.token, after: after ? numberOf(after) : "" })) tellMoved(document.getElementById(card.id));
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  });

  look();
})();
