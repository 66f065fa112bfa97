"""Holding them to it: mails that come in by themselves, clocks, two readers, a promise that fails, the next step."""

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
from tests.journeys.story import day

pytestmark = [pytest.mark.browser, pytest.mark.long]

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
    person.main.locator("li", has_text=words).first.get_by_role("link").first.click()
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


def token_of(person: Visitor) -> str:
    """The proof of origin in a form of the page."""
    return str(person.page.locator('[name="csrf_token"]').first.input_value())


def test_each_answer_does_to_the_clocks_only_what_it_says(portal: Portal, enter: Any) -> None:
    amina = enter("Amina Dirie")
    amina.go(CLOCKS).shoot("10-clocks")
    before = clock_of(amina, "full answer")
    told = a_mail("We have your letter", "Thank you. Your reference is 4417.")
    portal.receive(told, to=ADDRESS, sender="g.oakes@meridale.example")
    # A mail that was handed over twice is one answer.
    portal.receive(told, to=ADDRESS, sender="g.oakes@meridale.example")
    open_answer(amina, "Grant Oakes")
    amina.sees("Your reference is 4417", "proved that it comes from their domain").shoot("10-mail")
    read_as(amina, "They have it")
    amina.go(CLOCKS)
    # Saying that they have it ends the waiting for just that. From then the rule counts the days to the full answer.
    assert clock_of(amina, "they have your complaint").startswith("came")
    after = clock_of(amina, "full answer")
    assert "due" in before and "due" in after

    holding = a_mail("Looking into it", "We are looking into it and will be in touch in due course.")
    portal.receive(holding, to=ADDRESS, sender="g.oakes@meridale.example")
    open_answer(amina, "not read yet")
    read_as(amina, "They are looking into it")
    amina.go(CLOCKS)
    # A holding letter without a date moves nothing.
    assert clock_of(amina, "full answer") == after


def test_two_read_what_the_solicitors_sent(portal: Portal, enter: Any) -> None:
    amina, dee, bolu = enter("Amina Dirie"), enter("Dee Drafter", script=False), enter("Bolu Adeyemi")
    mail = a_mail("Our client", "See attached.", sender="post@tarrant.example", pdf=a_pdf(SOLICITOR))
    portal.receive(mail, to=ADDRESS, sender="post@tarrant.example")
    # Their domain is proved, but it is none of Meridale's: a lead says whether it is from them.
    amina.go(f"{CAMPAIGN}/mail")
    reload_until(amina, "Our client").follow("Our client").shoot("11-whose")
    amina.press("It is from them")
    answer = open_answer(amina, "not read yet")
    reload_until(amina, "our-client.pdf")
    read_as(amina, "They threaten us with the law", ("Partly", "Not answered", "No"))
    amina.sees("Stop").shoot("11-legal")
    amina.press("This is done")
    # The second one reads without seeing what the first one found.
    dee.go(answer).follow("Read it into the sheet").opens("our-client.pdf").sees("survey of twelve homes")
    for number, row in enumerate(dee.main.locator("fieldset.set").all()):
        row.get_by_label(("Partly", "No", "No")[number], exact=True).check()
    dee.tick("They threaten us with the law").press("Save my reading")
    amina.go(f"{answer}/../{answer.rpartition('/')[2]}/differences").sees("Amina Dirie", "Dee Drafter").shoot(
        "11-differ"
    )
    bolu.go(f"{CAMPAIGN}/letters/1/answers").shoot("11-matrix")
    stranger_sees_nothing_of_it = bolu.context.browser.new_context(base_url=portal.base).new_page()
    stranger_sees_nothing_of_it.goto(CAMPAIGN)
    assert "tarrant" not in stranger_sees_nothing_of_it.content().lower()


def test_a_promise_that_nobody_kept_leads_to_the_next_step(portal: Portal, enter: Any) -> None:
    amina, bolu = enter("Amina Dirie"), enter("Bolu Adeyemi")
    cerys, dee = enter("Cerys Prosser", script=False), enter("Dee Drafter", script=False)
    # Its day has passed, and nobody has touched it.
    cerys.go(f"{CAMPAIGN}/promises").follow(PROMISE).sees("past its date", "Nobody has looked")
    promise = cerys.path
    amina.go(promise).shoot("12-late")
    amina.opens("They say it is done").fill(claimed_done_on=day(0)).press("Note what they say")
    for resident in (cerys, dee):
        resident.go(promise).sees("They say it is done").tick("It is not fixed").press("Say what I found")
    amina.go(promise).sees("not kept", "2 say not fixed").shoot("12-broken")

    # The plan knows. Nobody begins a step alone.
    amina.follow("See our plan").sees("They broke a promise").shoot("12-plan")
    amina.follow("Ask our councillor to put it to them").sees("It is its turn")
    step = amina.path
    with amina.expecting(404, 422):
        refused = amina.context.request.post(f"{step}/start", form={"csrf_token": token_of(amina)})
        assert refused.status == 422
    amina.write("Why now?", "The fans were promised and are not there.")
    amina.fill(closes_at=f"{day(3)}T20:00").press("Ask everybody in the circle").sees("Vote until")
    vote = amina.path
    for number, member in enumerate((amina, bolu, cerys, dee)):
        member.go(vote)
        if number:
            # Nobody sees how the others voted before they have.
            member.sees_not("So far")
        member.tick("No" if member is dee else "Yes").press("Vote").sees("So far")
    amina.go(vote).shoot("12-vote")
    portal.meanwhile("a night")
    amina.go(vote)
    reload_until(amina, "We said yes")
    dee.go(vote).fill(words="The press would have been quicker.").press("Leave these words")
    amina.go(step).press("We begin now").sees("Begun on").shoot("12-begun")
    amina.go(CAMPAIGN).sees("We took the next step").shoot("12-campaign")
