"""One letter, four people at once: written, talked about, voted on twice, frozen, and left alone from then on."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.journeys.at_desk import card, save, write
from tests.journeys.browsing import Visitor
from tests.journeys.desk_data import CLOSING, FACT, HARM

BETTER = "When does the work begin, and who does it?"


# The ways to the words that a letter writer tried in vain, as the leads read them.
REFUSED = (
    *("blocks.edit", "blocks.new", "blocks.move", "blocks.remove", "blocks.put_back", "blocks.restore"),
    *("arranging.place", "arranging.split", "arranging.join", "resting.edit", "filling.edit"),
    *("letters.edit", "letters.address_anew", "history.restore", "history.name"),
    *("suggestions.accept", "clashes.settle"),
    *("suggesting.words", "suggesting.removal", "suggesting.part"),
)


@dataclass
class Four:
    """Amina and Bolu lead, Dee writes letters, Cerys belongs. All have the same letter open."""

    letter: str
    amina: Visitor
    bolu: Visitor
    dee: Visitor
    cerys: Visitor

    @property
    def all(self) -> tuple[Visitor, ...]:
        """Everybody."""
        return self.amina, self.bolu, self.dee, self.cerys

    def back(self) -> None:
        """Everybody looks at the letter again."""
        for person in self.all:
            if person.path != self.letter:
                person.go(self.letter)

    def see(self, kind: str, words: str) -> None:
        """Without a step of theirs, everybody's desk comes to say so."""
        for person in self.all:
            expect(card(person, kind)).to_contain_text(words)


def write_different_parts(four: Four) -> None:
    """Each sees where the others write, and what they saved."""
    write(four.amina, "What it does", f"{HARM} It is cold.")
    write(four.dee, "Closing", "Answer us by Monday.")
    expect(card(four.bolu, "What it does").locator("header")).to_contain_text("Amina is writing here")
    expect(four.cerys.page.locator("#here")).to_contain_text("Dee is writing in Closing")
    save(four.amina, "What it does")
    save(four.dee, "Closing")
    four.see("What it does", "It is cold.")
    four.see("Closing", "by Monday")


def write_the_same_part(four: Four) -> None:
    """Other words of one part go together by themselves."""
    write(four.bolu, "Fact", FACT.replace("31", "34"))
    write(four.dee, "Fact", FACT.replace("nine", "eleven"))
    save(four.dee, "Fact")
    save(four.bolu, "Fact")
    four.see("Fact", FACT.replace("31", "34").replace("nine", "eleven"))


def write_the_same_words(four: Four) -> None:
    """Both texts stand there until somebody chooses, and in the history for good."""
    write(four.amina, "Closing", "Answer us by Tuesday.")
    write(four.bolu, "Closing", "Answer us by Sunday.")
    save(four.bolu, "Closing")
    with four.amina.expecting(409):
        save(four.amina, "Closing")
        expect(card(four.amina, "Closing")).to_contain_text("Bolu saved while you were writing")
    for person in (four.dee, four.cerys):
        expect(card(person, "Closing")).to_contain_text("Two texts for this part: Bolu’s and Amina’s.")
    choose = card(four.dee, "Closing").get_by_role("link", name="Read both and choose")
    choose.click()
    four.dee.press("Take Amina’s words")
    four.amina.go(four.letter)
    four.see("Closing", "by Tuesday")
    card(four.cerys, "Closing").get_by_role("link", name="History").click()
    four.cerys.page.wait_for_url("**/history")
    four.cerys.sees("Sunday", "Tuesday", "kept beside")
    four.back()


def suggest(member: Visitor, kind: str, words: str, why: str) -> None:
    """Other words for a part, from its card."""
    card(member, kind).get_by_role("link", name="Suggest other words").click()
    member.page.wait_for_url("**/suggestions/new")
    member.fill(text=words, why=why).press("Suggest these words").sees("waits for a decision")


def decide_on_suggestions(four: Four) -> None:
    """One is taken in the card; another is refused, and its author reads why."""
    suggest(four.cerys, "Question", "When, and who does it?", "We want a name")
    talk = card(four.amina, "Question").get_by_role("link", name="1 suggestion")
    talk.click()
    four.amina.press("Take it").sees("When, and who does it?")
    four.cerys.go(four.letter)
    suggest(four.cerys, "What it does", "It is bad.", "It is shorter")
    four.dee.go(f"{four.letter}/suggestions").page.get_by_role("link", name=re.compile("^Do not take it")).click()
    four.dee.page.wait_for_url("**/refusal")
    four.dee.fill(answer="The stairs have to be in it").press("Do not take it, and say why")
    four.cerys.go(f"{four.letter}/suggestions?whose=mine").sees("not taken", "The stairs have to be in it", "taken")
    four.back()
    four.see("Question", "When, and who does it?")


def talk_until_it_is_a_suggestion(four: Four) -> None:
    """A remark names somebody, who is told by mail and makes a suggestion of it."""
    card(four.dee, "Question").get_by_role("link", name="Talk about it").click()
    four.dee.opens("Say something about this part")
    card(four.dee, "Question").get_by_label("Your remark").fill("@Cerys can you say it better?")
    four.dee.press("Say it").sees("can you say it better?")
    expect(card(four.bolu, "Question")).to_contain_text("1 remark")
    four.cerys.open_mail("asks you to look").sees("can you say it better?")
    four.cerys.page.get_by_role("link", name=re.compile("^Make it a suggestion")).first.click()
    four.cerys.page.wait_for_url("**remark=*")
    four.cerys.fill(text=BETTER, why="Both questions in one").press("Suggest these words")
    four.bolu.go(f"{four.letter}/suggestions").press("Take it")
    four.cerys.go(f"{four.letter}/comments").sees("settled", "It became a suggestion")
    four.back()
    four.see("Question", BETTER)


def move_by_keyboard(four: Four) -> None:
    """Nothing but keys; the place is said, and everybody sees the new order."""
    keys = four.dee.page.keyboard
    card(four.dee, "Closing").locator("summary").focus()
    keys.press("Enter")
    keys.press("Tab")
    expect(four.dee.page.get_by_role("button", name="Move up Closing")).to_be_focused()
    keys.press("Enter")
    expect(four.dee.page.locator("#live")).to_have_text("Closing is now number 3 of 4.")
    expect(four.cerys.page.locator("#blocks > article:nth-of-type(3)")).to_contain_text("by Tuesday")
    expect(four.dee.page.get_by_role("button", name="Move down Closing")).to_be_visible()
    four.dee.page.get_by_role("button", name="Move down Closing").focus()
    keys.press("Enter")
    expect(four.cerys.page.locator("#blocks > article:nth-of-type(4)")).to_contain_text("by Tuesday")


def vote(person: Visitor, letter: str, choice: str, reason: str = "", button: str = "Vote") -> None:
    """On the page of the vote, after reading."""
    person.go(f"{letter}/vote").tick(choice)
    if reason:
        person.write("What worries you", reason)
    person.press(button).sees(f"You said: {choice}", "So far")


def vote_in_vain(four: Four) -> None:
    """One says not yet, a lead answers, the text is mended: the vote on the old words has ended."""
    four.amina.go(f"{four.letter}/vote").press("Open the vote").sees("The vote is open")
    four.cerys.go(f"{four.letter}/vote").sees_not("So far")
    vote(four.cerys, four.letter, "Not yet", "Say when you want the answer")
    vote(four.amina, four.letter, "I agree")
    four.amina.sees("Say when you want the answer").opens("Answer Cerys")
    four.amina.fill(answer="You are right. Bolu puts the hour in").press("Answer")
    four.cerys.go(f"{four.letter}/vote").sees("Amina answers:", "Bolu puts the hour in")
    four.bolu.go(four.letter)
    write(four.bolu, "Closing", "Answer us by Tuesday at noon.")
    # The next step that a later look brings does not take away what was said of the save.
    with four.bolu.page.expect_response(lambda answer: "aside=" in answer.url and answer.status == 200):
        save(four.bolu, "Closing")
    expect(four.bolu.page.locator("body")).to_contain_text("the vote on the old words has ended")
    four.cerys.go(f"{four.letter}/vote").sees("The vote on the old words has ended")


def agree_and_freeze(four: Four) -> str:
    """All agree to the new words; one freezes them. Returns the agreed text."""
    four.bolu.go(f"{four.letter}/vote").press("Open the vote")
    for person in four.all:
        vote(person, four.letter, "I agree")
    four.bolu.go(f"{four.letter}/vote").press("Close the vote now").sees("We are agreed", "4 of 4 agree")
    four.amina.go(f"{four.letter}/vote").press("Freeze it").sees("The text is frozen", BETTER)
    return text_of(four.amina, four.letter)


def text_of(person: Visitor, letter: str) -> str:
    """The bare text that was agreed to."""
    answer = person.context.request.get(f"{letter}/letter.txt")
    assert answer.status == 200
    return str(answer.text())


@dataclass
class OldPage:
    """What somebody's page knew before the text was frozen."""

    token: str
    parts: list[str]
    suggestion: str
    revision: str


def keep_page_open(writer: Visitor, letter: str) -> OldPage:
    """A letter writer's desk, a revision in a history, and a suggestion nobody has decided on."""
    writer.go(letter)
    parts = [str(one.get_attribute("id"))[6:] for one in writer.page.locator("#blocks > article").all()]
    writer.go(f"{letter}/blocks/{parts[0]}/suggestions/new").fill(text="Other words.", why="x")
    writer.press("Suggest these words")
    suggestion = writer.path.rsplit("/", 1)[1]
    writer.go(f"{letter}/blocks/{parts[0]}/history")
    revision = str(writer.page.locator("[name=revision]").first.get_attribute("value"))
    token = str(writer.page.locator("[name=csrf_token]").first.get_attribute("value"))
    return OldPage(token, parts, suggestion, revision)


def writing_posts(old: OldPage) -> dict[str, dict[str, str]]:
    """Every address that changes the words of a letter, with what its form would send."""
    fact, harm, question, _closing = (f"/blocks/{part}" for part in old.parts)
    words = {"text": "Something else.", "seen": "1", "why": "x"}
    seen = {"seen": "3"}
    one = f"/suggestions/{old.suggestion}"
    return {
        fact: words,
        "/blocks/new?kind=demand": words,
        f"{harm}/move": {"step": "up"},
        f"{harm}/place": {"after": ""},
        f"{harm}/removal": seen,
        f"{harm}/removal/undo": {},
        f"{harm}/split": {"text": "We carry", "rest": "shopping", **seen},
        f"{fact}/joining": {"other": old.parts[1], "other_seen": "2", **seen},
        f"{fact}/restoring": {"revision": old.revision, **seen},
        f"{fact}/texts/{old.revision}": {"choice": "take", **seen},
        f"{fact}/evidence": {"had": "", "put_count": "y", **seen},
        f"{question}/suggestions/new": words,
        f"{question}/suggestions/leave-out": words,
        "/suggestions/new?kind=fact": {**words, "after": old.parts[0]},
        f"{one}/acceptance": {},
        f"{one}/merging": {**words, "answer": "x"},
        f"{one}/update": words,
        "/edit": {"title": "Other", "language": "en", "seen_title": "Letter 1"},
        "/addressee": {},
        "/gaps": {"gap_1": "seven"},
        "/history/1/restoring": seen,
        "/history/names": {"name": "outline", **seen},
    }


def cannot_change_it(four: Four, old: OldPage, text: str) -> None:
    """From a page that was open before: nothing gets through, not a byte is different, and the leads see it."""
    for path, form in writing_posts(old).items():
        given = {"csrf_token": old.token, "once": secrets.token_urlsafe(16), **form}
        answer = four.dee.context.request.post(four.letter + path, form=given, max_redirects=0)
        assert answer.status >= 400, f"{path} answered {answer.status}"
    assert text_of(four.amina, four.letter) == text
    four.amina.go(four.letter).sees(BETTER, "changes were refused")
    four.amina.page.get_by_role("link", name=re.compile("changes were refused")).click()
    four.amina.page.wait_for_url("**/refused")
    four.amina.sees("Dee Drafter", *REFUSED)
    four.cerys.go(four.letter).sees_not("were refused")


def without_script(four: Four) -> None:
    """The same life with plain pages, one person after another."""
    amina, bolu, dee, cerys = four.all
    card(dee, "Closing").get_by_role("link", name="Change").click()
    dee.fill(text="Answer us by Monday.").press("Save").sees("Answer us by Monday.")
    cerys.go(four.letter)
    suggest(cerys, "Question", "When, and who does it?", "We want a name")
    amina.go(f"{four.letter}/suggestions").press("Take it")
    cerys.go(four.letter).sees("When, and who does it?")
    card(cerys, "Fact").get_by_role("link", name="Talk about it").click()
    cerys.fill(text="@Dee is it still nine?").press("Say it").sees("is it still nine?")
    dee.open_mail("asks you to look").press("Settle it").sees("settled")
    amina.go(four.letter).follow("Are we agreed?").press("Open the vote")
    vote(cerys, four.letter, "Not yet", "Say when")
    vote(bolu, four.letter, "I agree, with a worry", "It is short")
    vote(cerys, four.letter, "I agree", button="Change my vote")
    vote(dee, four.letter, "I agree")
    vote(amina, four.letter, "I agree")
    amina.press("Close the vote now").sees("We are agreed", "4 of 4 agree")
    bolu.go(four.letter).follow("See the vote, and freeze it").press("Freeze it").sees("The text is frozen")
    assert CLOSING not in text_of(bolu, four.letter)


def open_letter(open_desk: Any, letter: int, **given: Any) -> Four:
    """The same letter in four browsers."""
    people = [open_desk(name, letter, **given) for name in ("amina", "bolu", "dee", "cerys")]
    return Four(people[0].path, *people)
