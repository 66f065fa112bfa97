/* What somebody types at the desk, kept in this browser until it is saved. It is encrypted with a key of two halves: one
   stays here and cannot be read out, the other comes with each page of this sign-in and is never stored. When the sign-in
   ends, nobody can read what is left. */
(() => {
  "use strict";

  const NAME = "doorstep-desk";
  const KEPT_MS = 7 * 24 * 3600 * 1000;
  const SHARED = "doorstep-shared-computer";
  const can = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

  const wait = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

  let opened = null;
  const database = () => {
    opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("keys");
        request.result.createObjectStore("drafts");
      };
      request.onerror = () => fail(request.error);
      request.onsuccess = () => {
        const db = request.result;
        /* Somebody signs out in another tab. */
        db.onversionchange = () => { db.close(); opened = null; };
        done(db);
      };
    });
    return opened;
  };
  const store = async (name, mode) => (await database()).transaction(name, mode).objectStore(name);

  /* Made once for this browser; the script can use it, and nobody can take it out. */
  const ourHalf = async () => {
    const found = await wait((await store("keys", "readonly")).get("device"));
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const keys = await store("keys", "readwrite");
    /* Two tabs at once: the first one's stays. */
    const first = await wait(keys.get("device"));
    if (!first) await wait(keys.put(made, "device"));
    return first ?? made;
  };

  const keyFor = async (half) => {
    const whole = await crypto.subtle.sign("HMAC", await ourHalf(), new TextEncoder().encode(half));
    return crypto.subtle.importKey("raw", whole, "AES-GCM", false, ["encrypt", "decrypt"]);
  };

  const isShared = () => {
    try { return localStorage.getItem(SHARED) === "yes"; } catch { return false; }
  };

  const wipe = async () => {
    if (!can) return;
    if (opened) { (await opened).close(); opened = null; }
    await wait(indexedDB.deleteDatabase(NAME)).catch(() => {});
  };

  const share = async (yes) => {
    if (!yes) return localStorage.removeItem(SHARED);
    localStorage.setItem(SHARED, "yes");
    return wipe();
  };

  /* Drafts of one person in one letter. `half` is the server's half of the key. */
  globalThis.draftsOf = (person, letter, half) => {
    const about = `${person}:${letter}:`;
    const known = (id) => ({ name: "AES-GCM", additionalData: new TextEncoder().encode(id) });
    let key = null;
    const ourKey = () => (key ??= keyFor(half));

    const keep = async (name, draft) => {
      if (!can || isShared()) return false;
      const id = about + name;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const bytes = new TextEncoder().encode(JSON.stringify(draft));
      try {
        const sealed = await crypto.subtle.encrypt({ ...known(id), iv }, await ourKey(), bytes);
        await wait((await store("drafts", "readwrite")).put({ iv, sealed, at: Date.now() }, id));
        return true;
      } catch {
        key = null;
        return false;
      }
    };

    const drop = async (name) => {
      if (can) await wait((await store("drafts", "readwrite")).delete(about + name)).catch(() => {});
    };

    /* Everything that this person typed in this letter and can still be read; whatever cannot be, or is too old, goes. */
    const all = async () => {
      if (!can || isShared()) return [];
      const drafts = await store("drafts", "readonly");
      const [ids, rows] = await Promise.all([wait(drafts.getAllKeys()), wait(drafts.getAll())]);
      const found = [];
      for (const [at, id] of ids.entries()) {
        const row = rows[at];
        if (Date.now() - row.at > KEPT_MS) {
          await wait((await store("drafts", "readwrite")).delete(id));
        } else if (id.startsWith(about)) {
          try {
            const bytes = await crypto.subtle.decrypt({ ...known(id), iv: row.iv }, await ourKey(), row.sealed);
            found.push({ name: id.slice(about.length), at: row.at, ...JSON.parse(new TextDecoder().decode(bytes)) });
          } catch {
            await wait((await store("drafts", "readwrite")).delete(id));
          }
        }
      }
      return found;
    };

    return { can, isShared, share, keep, drop, all };
  };
})();
