"""Holding them to it: mails that come in by themselves, clocks, two readers, a promise that fails, the next step."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tests.journeys.answers_data import KEY, PASSWORD, PROMISE, TOKEN
from tests.journeys.browsing import Visitor
from tests.journeys.serving import RECEIVER, Portal

pytestmark = pytest.mark.browser

CAMPAIGN = f"/campaigns/{KEY}"
CLOCKS = f"{CAMPAIGN}/letters/1/deadlines"
ADDRESS = f"r-{TOKEN}@reply.example.org"
SOLICITOR = "We offer a survey of twelve homes. Fact 1 is disputed. Stop publishing, or our client will take steps."


def a_mail(subject: str, text: str, *, sender: str = "g.oakes@meridale.example", pdf: bytes | None = None) -> bytes:
    """A mail from them, proved by the mail server before the portal."""
    mail = EmailMessage(policy=SMTP)
    domain = sender.partition("@")[2]
    mail["Authentication-Results"] = f"{RECEIVER}; dmarc=pass header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = f"Grant Oakes <{sender}>", ADDRESS, subject
    mail["Message-ID"] = f"<{subject.replace(' ', '-').lower()}@{domain}>"
    mail.set_content(text)
    if pdf is not None:
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="our-client.pdf")
    return mail.as_bytes()


def a_pdf(words: str) -> bytes:
    """One page with these words on it."""
    import typst

    made = typst.compile(b'#set page(paper: "a5")\n#sys.inputs.words', format="pdf", sys_inputs={"words": words})
    assert isinstance(made, bytes)
    return made


@pytest.fixture
def portal(new_portal: Callable[[str], AbstractContextManager[Portal]]) -> Any:
    with new_portal("answers") as portal:
        yield portal


@pytest.fixture
def enter(portal: Portal, visit: Any) -> Callable[..., Visitor]:
    def come_in(name: str, **given: Any) -> Visitor:
        person: Visitor = visit(portal, name, **given)
        person.go("/sign-in/password").fill(email=person.email, password=PASSWORD).press("Sign in")
        return person

    return come_in


def reload_until(person: Visitor, words: str) -> Visitor:
    """Look at the page again until it says this: a job does the work behind it."""
    for _look in range(100):
        if words in person.text:
            return person
        person.page.wait_for_timeout(100)
        person.page.reload()
    raise AssertionError(f"{person.name} waits in vain for {words!r}:\n{person.text}")


def open_answer(person: Visitor, words: str) -> str:
    """From the list of answers to the one with these words; its address."""
    person.go(f"{CAMPAIGN}/answers")
    reload_until(person, words)
    person.main.get_by_role("link", name=re.compile(re.escape(words))).first.click()
    return person._arrived().path


def read_as(person: Visitor, kind: str, verdicts: tuple[str, ...] = ()) -> None:
    """Read the answer on the page into the sheet."""
    person.follow("Read it into the sheet")
    for number, row in enumerate(person.main.locator("fieldset.set").all()):
        said = verdicts[number] if number < len(verdicts) else "Not answered"
        row.get_by_label(said, exact=True).check()
    person.tick(kind).press("Save my reading")


def clock_of(person: Visitor, title: str) -> str:
    """What the clock with these words in its title says."""
    clock = person.main.locator(".clock", has_text=title).first
    return re.sub(r"\s+", " ", clock.locator("p").first.inner_text())


def test_each_answer_does_to_the_clocks_only_what_it_says(portal: Portal, enter: Any) -> None:
    amina = enter("Amina Dirie")
    amina.go(CLOCKS)
    before = clock_of(amina, "full answer")
    portal.receive(
        a_mail("We have your letter", "Thank you. Your reference is 4417."), to=ADDRESS, sender="g.oakes@meridale.example"
    )
    open_answer(amina, "Grant Oakes")
    read_as(amina, "They have it")
    amina.go(CLOCKS).shoot("10-clocks")
    # An acknowledgement ends the waiting for itself, and for nothing else.
    assert "answered" in clock_of(amina, "acknowledgement").lower() or "came" in clock_of(amina, "acknowledgement")
    after = clock_of(amina, "full answer")
    assert "answered" not in after.lower()

    portal.receive(
        a_mail("Looking into it", "We are looking into it and will be in touch in due course."),
        to=ADDRESS,
        sender="g.oakes@meridale.example",
    )
    open_answer(amina, "not read yet")
    read_as(amina, "They are looking into it")
    amina.go(CLOCKS)
    # A holding letter without a date moves nothing.
    assert clock_of(amina, "full answer") == after
    assert before
