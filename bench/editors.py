"""People at the desk of one letter, as many as wanted, in one process: they look every second and save every ten or so.

Each does what the desk's script does: opens a part, says where it writes, types for a while, saves, and looks again and
again with the marks of what it knows.
"""

import asyncio
import html
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

BLOCKS = 20
POLL_SECONDS = 1.0
SAVE_SECONDS = 10.0
TYPING_SECONDS = 2.0
HERE_SECONDS = 40.0
# A save must have time to be seen before the end.
LAST_SECONDS = 3.0
CARD = re.compile(rb'id="block_(\d+)"[^>]*? data-mark="(\d+)(-[0-9a-f]+)"')
REMOVED = re.compile(rb'id="removed"[^>]*? data-mark="([^"]*)"')
SEEN = re.compile(rb'id="desk_state"[^>]*? data-seen="([^"]*)"')
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
TEXT = re.compile(rb"<textarea[^>]*>\r?\n?(.*?)</textarea>", re.DOTALL)
VERSION = re.compile(rb'name="seen"[^>]*? value="(\d+)"')


@dataclass
class Save:
    """One acknowledged save: its own word, how long the answer took, and what became of it."""

    editor: int
    block: int
    word: str
    took: float
    at: float
    version: int = 0
    merged: bool = False
    clashed: bool = False


@dataclass
class Tally:
    """What all of them met."""

    ends: float = 0.0
    saves: list[Save] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    # When each editor first knew of each version of a part.
    known: dict[tuple[int, int], list[tuple[int, float]]] = field(default_factory=dict)

    def seen_after(self) -> list[float]:
        """For each save and each other person, how many seconds after its answer they saw it; sorted."""
        editors = {editor for editor, _block in self.known}
        waits = []
        for save in self.saves:
            if save.clashed or save.at > self.ends - LAST_SECONDS:
                continue
            for editor in editors - {save.editor}:
                times = [at for version, at in self.known.get((editor, save.block), []) if version >= save.version]
                waits.append(max(0.0, min(times) - save.at) if times else float("inf"))
        return sorted(waits)


class Connection:
    """One kept connection, and requests on it one after the other."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.arriving: asyncio.StreamReader | None = None
        self.leaving: asyncio.StreamWriter | None = None

    async def ask(self, path: str, form: dict[str, str] | None = None, *, htmx: bool = False) -> tuple[int, bytes]:
        """Status and body. A connection that the server let go while nothing was asked is opened anew."""
        try:
            return await self._ask(path, form, htmx=htmx)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.leaving = None
            return await self._ask(path, form, htmx=htmx)

    async def _ask(self, path: str, form: dict[str, str] | None, *, htmx: bool) -> tuple[int, bytes]:
        if self.leaving is None:
            self.arriving, self.leaving = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.arriving is not None
        body = urlencode(form).encode() if form is not None else b""
        head = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        head += [f"Cookie: {self.cookie}", "Accept-Encoding: identity"]
        head += ["HX-Request: true"] if htmx else []
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.leaving.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        answer = await self.arriving.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer.lower())
        read = await self.arriving.readexactly(int(length[1])) if length else b""
        for line in answer.split(b"\r\n"):
            if line.lower().startswith(b"set-cookie: s="):
                self.cookie = line[12:].split(b";")[0].decode()
        return int(answer[9:12]), read


class Editor:
    """One person: two connections, as a browser has several, so that looking does not wait for saving."""

    def __init__(self, number: int, port: int, path: str, cookie: str, tally: Tally) -> None:
        self.number, self.path, self.tally = number, path, tally
        self.looking, self.writing = Connection(port, cookie), Connection(port, cookie)
        self.chance = random.Random(number)
        self.marks: dict[int, str] = {}
        self.seen = self.token = self.removed = ""
        self.count = 0

    async def open(self) -> None:
        """Open the desk."""
        _status, page = await self.writing.ask(self.path)
        self.looking.cookie = self.writing.cookie
        token = TOKEN.search(page)
        assert token is not None, page[:300]
        self.token = token[1].decode()
        self._learn(page)

    async def look_on(self) -> None:
        """Look once every second until the end."""
        await asyncio.sleep(self.chance.random() * POLL_SECONDS)
        due = time.monotonic()
        while time.monotonic() < self.tally.ends:
            have = ",".join(f"{block}:{mark}" for block, mark in self.marks.items())
            asked = {"seen": self.seen, "have": have, "removed": self.removed}
            began = time.monotonic()
            status, answer = await self.looking.ask(f"{self.path}/live?{urlencode(asked)}")
            self.tally.looks.append(time.monotonic() - began)
            if status == 200:
                self._learn(answer)
                seen = SEEN.search(answer)
                self.seen = seen[1].decode() if seen else ""
            elif status != 204:
                self.tally.broken.append(f"looking: {status}")
            due = max(due + POLL_SECONDS, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    async def write_on(self) -> None:
        """Change one word of one part about every ten seconds until the end."""
        await asyncio.sleep(self.chance.random() * SAVE_SECONDS)
        while time.monotonic() < self.tally.ends - LAST_SECONDS:
            await self._write(self.chance.choice(list(self.marks)))
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * (SAVE_SECONDS - TYPING_SECONDS))

    async def _write(self, block: int) -> None:
        address = f"{self.path}/blocks/{block}"
        status, form = await self.writing.ask(address, htmx=True)
        text, version = TEXT.search(form), VERSION.search(form)
        if status != 200 or text is None or version is None:
            self.tally.broken.append(f"opening a part: {status}")
            return
        await self._tell_where(str(block))
        await asyncio.sleep(self.chance.uniform(0.5, 1.5) * TYPING_SECONDS)
        words = html.unescape(text[1].decode()).split(" ")
        self.count += 1
        word = f"e{self.number}n{self.count}"
        words[self.chance.randrange(len(words))] = word
        sent = {"csrf_token": self.token, "once": f"{word}-{self.chance.random()}", "text": " ".join(words)}
        sent["seen"] = version[1].decode()
        began = time.monotonic()
        status, answer = await self.writing.ask(address, sent, htmx=True)
        save = Save(self.number, block, word, time.monotonic() - began, time.monotonic())
        found = CARD.search(answer)
        if status == 200 and found is not None:
            save.version = int(found[2])
            save.merged = b"Somebody else saved this part" in answer
        elif status == 409:
            save.clashed = True
        else:
            self.tally.broken.append(f"saving: {status}")
            return
        self.tally.saves.append(save)
        await self._tell_where("")

    async def _tell_where(self, part: str) -> None:
        await self.writing.ask(f"{self.path}/presence", {"csrf_token": self.token, "on": part})

    def _learn(self, answer: bytes) -> None:
        at = time.monotonic()
        removed = REMOVED.search(answer)
        if removed is not None:
            self.removed = removed[1].decode()
        for number, version, rest in CARD.findall(answer):
            block = int(number)
            self.marks[block] = (version + rest).decode()
            self.tally.known.setdefault((self.number, block), []).append((int(version), at))


def write_together(port: int, path: str, cookies: list[str], *, seconds: float, begin: Callable[[], object]) -> Tally:
    """Let a person for each cookie write for so many seconds. `begin` is called once all have opened the desk."""

    async def all_of_them() -> Tally:
        tally = Tally()
        editors = [Editor(number, port, path, cookie, tally) for number, cookie in enumerate(cookies)]
        for editor in editors:
            await editor.open()
        begin()
        tally.ends = time.monotonic() + seconds
        await asyncio.gather(*(act for editor in editors for act in (editor.look_on(), editor.write_on())))
        return tally

    return asyncio.run(all_of_them())
