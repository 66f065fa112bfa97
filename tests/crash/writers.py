"""People at work: each does one kind of thing over and over, and remembers what the portal said."""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.crash.browser import Browser
from tests.crash.portal import Portal


@dataclass
class Deed:
    """One form that was sent: by whom, where to, and whether the portal answered that it was done."""

    kind: str
    mark: str
    browser: Browser
    path: str
    form: dict[str, str]
    is_acknowledged: bool = False

    def press(self) -> int:
        """Send the form, with the key it was drawn with. Returns the status of the answer."""
        status, _text = self.browser.ask(self.path, self.form)
        return status


Prepare = Callable[[Portal, str], Deed]


def save(portal: Portal, mark: str) -> Deed:
    """A lead changes a part of a letter."""
    amina = Browser(portal.port, portal.world["amina"])
    path = portal.world["block"]
    form = amina.form(path, path)
    assert form is not None
    text = next(name for name in form.fields if name.endswith("text"))
    return Deed("saved", mark, amina, path, {**form.fields, text: f"Dear all, {mark}"})


def sign(portal: Portal, mark: str) -> Deed:
    """A neighbour puts their name to a letter."""
    neighbour = Browser(portal.port)
    form = neighbour.form(portal.world["letter"], "/signatures")
    assert form is not None
    filled = {**form.fields, "name": "Rosa", "email": f"{mark}@example.org", "display": "hidden", "count_me": "y"}
    return Deed("signed", mark, neighbour, form.action, filled)


def send(portal: Portal, mark: str) -> Deed:
    """One lead asks to send the letter, and the second agrees: the deed is the agreement."""
    amina, ben = (Browser(portal.port, portal.world[name]) for name in ("amina", "ben"))
    page = portal.world["sending"]
    form = ben.form(page, "/agreement")
    if form is None:
        asking = amina.form(page, "/by-mail")
        assert asking is not None
        status, _text = amina.ask(asking.action, {**asking.fields, "to_address": f"{mark}@meridale.example"})
        assert status == 303
        form = ben.form(page, "/agreement")
    assert form is not None
    # One that a crash left open may have been asked for with another mark.
    terms = portal.rows("SELECT terms FROM agreement WHERE id = ?", int(form.action.split("/")[-2]))
    return Deed("sent", json.loads(terms[0][0])["to_address"].split("@")[0], ben, form.action, form.fields)


KINDS: dict[str, Prepare] = {"saved": save, "signed": sign, "sent": send}


class Writer(threading.Thread):
    """Does one kind of thing until the server is gone. `told(kind)` runs as soon as an answer is there."""

    def __init__(self, portal: Portal, kind: str, name: str, told: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self.portal, self.kind, self.label, self.told = portal, kind, name, told
        self.deeds: list[Deed] = []
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while True:
                deed = KINDS[self.kind](self.portal, f"{self.label}-{len(self.deeds)}")
                self.deeds.append(deed)
                status = deed.press()
                assert status == 303, f"{deed.kind}: {status}"
                deed.is_acknowledged = True
                self.told(self.kind)
        except (OSError, http.client.HTTPException):
            # The server was killed, which is what the test is about.
            return
        except BaseException as error:
            self.trouble = error


def times_done(portal: Portal, deed: Deed) -> list[int]:
    """How often the deed was done, by each row that it leaves."""
    if deed.kind == "saved":
        return [portal.count("block_revision", "text = ?", f"Dear all, {deed.mark}")]
    if deed.kind == "signed":
        address = f"{deed.mark}@example.org"
        return [portal.count("signature", "email = ?", address), portal.count("outgoing_mail", '"to" = ?', address)]
    address = f"{deed.mark}@meridale.example"
    return [portal.count("delivery", "to_address = ?", address), portal.count("outgoing_mail", '"to" = ?', address)]
