"""Every page of the demo opens for the people who may see it."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from portal.campaigns.models import Campaign
from portal.letters.copies.press import takes_long
from portal.letters.copies.translating import checked_languages
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, Letter
from portal.meetings.models import Meeting
from portal.mentoring.models import MentorPair
from portal.people.models import Person
from portal.places.models import Building
from portal.responses.models import Commitment, Response

pytestmark = pytest.mark.usefixtures("demo")

LEADS = {"Dry walls, working lifts": "keisha", "Save Tern and Heron": "theo", "Clear water for Pellan Vale": "paul"}
MEMBERS = {"Dry walls, working lifts": "amina", "Save Tern and Heron": "tunde", "Clear water for Pellan Vale": "ross"}
ORGANIZERS = {
    "Dry walls, working lifts": "mags",
    "Save Tern and Heron": "mags",
    "Clear water for Pellan Vale": "kerensa",
}
EVERYBODY = ("/", "/campaigns", "/about", "/privacy")


def person(name: str) -> Person:
    return Person.get(Person.email == f"{name}@example.org")


def public_pages(campaign: Campaign) -> Iterator[str]:
    yield f"/campaigns/{campaign.key}"
    for letter in Letter.select().where(Letter.campaign == campaign.id, Letter.frozen_at.is_null(False)):
        yield f"/letters/{letter.key}"
        yield f"/letters/{letter.key}/names"
        yield f"/letters/{letter.key}/versions"
        yield f"/letters/{letter.key}/letter.txt"
        for version in letter.versions:
            for language in checked_languages(version):
                yield f"/letters/{letter.key}/in/{language}"
    for meeting in Meeting.select().where(Meeting.campaign == campaign.id, Meeting.is_open == True):  # noqa: E712
        yield f"/meetings/{meeting.key}"
        yield f"/meetings/{meeting.key}/calendar.ics"


def inside_pages(campaign: Campaign) -> Iterator[str]:
    home = f"/campaigns/{campaign.key}"
    for page in (
        "",
        "/demands",
        "/homes",
        "/homes/doors",
        "/people",
        "/organizers",
        "/visibility",
        "/letters",
        "/promises",
        "/meetings",
        "/evidence",
        "/letter-templates",
    ):
        yield home + page
    for letter in campaign.letters:
        yield from pages_of_a_letter(f"{home}/letters/{letter.id}", letter)
    for response in Response.select().where(Response.campaign == campaign.id):
        yield f"{home}/responses/{response.id}"
        if response.file_id:
            yield f"{home}/responses/{response.id}/file"
    for commitment in Commitment.select().where(Commitment.campaign == campaign.id):
        yield f"{home}/promises/{commitment.id}"
    for meeting in Meeting.select().where(Meeting.campaign == campaign.id):
        yield f"/meetings/{meeting.key}"
        if meeting.closed_at:
            yield f"/meetings/{meeting.key}/minutes"


def pages_of_a_letter(here: str, letter: Letter) -> Iterator[str]:
    for page in ("", "/preview", "/suggestions", "/comments", "/vote", "/history", "/history/compare", "/readings"):
        yield here + page
    # The paper of a letter with many names is made by the worker.
    yield f"{here}/pdf/letter" if takes_long(letter) else f"{here}/letter.pdf"
    for page in ("", "/covering", "/reminder", "/press", "/aloud"):
        yield f"{here}/papers{page}"
    yield f"{here}/letter-plain.txt"
    for revision in letter.revisions.where(LetterRevision.name != ""):
        yield f"{here}/history/{revision.number}"
    # One suggestion for each way in which it can stand.
    for suggestion in {row.state: row for row in letter.suggestions}.values():
        yield f"{here}/suggestions/{suggestion.id}"
    standing = letter.blocks.where(Block.removed_at.is_null())
    asked = standing.where(Block.kind == "demand").first() or standing.first()
    yield f"{here}/blocks/{asked.id}/history"
    for block in standing.where((Block.suggestion_count > 0) | (Block.comment_count > 0) | (Block.clash_count > 0)):
        yield f"{here}/blocks/{block.id}/talk"
    if letter.is_sent:
        yield f"{here}/deadlines"
        yield f"{here}/deadlines/history"


def pages_of_a_member(campaign: Campaign) -> Iterator[str]:
    home = f"/campaigns/{campaign.key}"
    for letter in campaign.letters:
        yield f"{home}/letters/{letter.id}/name-me"
        if letter.is_open_for_drafting:
            yield f"{home}/letters/{letter.id}/suggestions/new?kind=fact"
        if letter.is_frozen:
            yield f"{home}/letters/{letter.id}/translations"
        for translation in letter.translations:
            yield f"{home}/letters/{letter.id}/translations/{translation.id}"
            yield f"{home}/letters/{letter.id}/translations/{translation.id}/letter.txt"


def pages_of_a_lead(campaign: Campaign) -> Iterator[str]:
    home = f"/campaigns/{campaign.key}"
    for page in (
        "/edit",
        "/target",
        "/invitations",
        "/meetings/new",
        "/mentoring/new",
        "/letters/new",
        "/closure",
        "/poster.pdf",
    ):
        yield home + page
    for letter in campaign.letters:
        yield f"{home}/letters/{letter.id}/authors"
        yield f"{home}/letters/{letter.id}/template"
        yield f"{home}/letters/{letter.id}/named"
        yield f"{home}/letters/{letter.id}/refused"
        if letter.is_sent:
            yield f"{home}/letters/{letter.id}/deadlines/rules"
        if letter.is_frozen:
            yield f"{home}/letters/{letter.id}/sending"
            yield f"{home}/letters/{letter.id}/signatories"
            yield f"{home}/letters/{letter.id}/responses/new"
    for response in Response.select().where(Response.campaign == campaign.id):
        yield f"{home}/responses/{response.id}/reading"
        yield f"{home}/responses/{response.id}/publication"
    for item in campaign.evidence.limit(1):
        yield f"{home}/evidence/{item.id}/edit"
    for building in Building.select().where(Building.place == campaign.place_id):
        yield f"{home}/homes/buildings/{building.id}/edit"
    for meeting in Meeting.select().where(Meeting.campaign == campaign.id):
        yield f"/meetings/{meeting.key}/attendance"


def refused(browser: Any, pages: Iterable[str]) -> list[tuple[str, int]]:
    answers = [(url, browser.get(url, buffered=True).status_code) for url in pages]
    return [(url, status) for url, status in answers if status != 200]


@pytest.mark.parametrize("title", LEADS)
def test_anybody_can_walk_through_what_is_public(app, client, title):
    campaign = Campaign.get(Campaign.title == title)
    assert refused(client, [*EVERYBODY, *public_pages(campaign)]) == []


@pytest.mark.parametrize("title", LEADS)
def test_a_lead_can_walk_through_everything(app, sign_in, title):
    campaign = Campaign.get(Campaign.title == title)
    browser = sign_in(person(LEADS[title]))
    pages = [*EVERYBODY, "/me", *public_pages(campaign), *inside_pages(campaign)]
    pages += [*pages_of_a_member(campaign), *pages_of_a_lead(campaign)]
    assert refused(browser, pages) == []


@pytest.mark.parametrize(("title", "name"), [*MEMBERS.items(), *ORGANIZERS.items()])
def test_members_and_organizers_can_walk_through_the_inside(app, sign_in, title, name):
    campaign = Campaign.get(Campaign.title == title)
    pages = [*EVERYBODY, "/me", "/mentoring", *inside_pages(campaign)]
    if name in MEMBERS.values():
        pages += pages_of_a_member(campaign)
    assert refused(sign_in(person(name)), pages) == []


def test_the_two_of_a_pair_can_read_their_book_and_nobody_else(app, sign_in):
    for pair in MentorPair.select():
        assert sign_in(pair.mentor).get(f"/mentoring/{pair.id}").status_code == 200
        assert sign_in(pair.mentee).get(f"/mentoring/{pair.id}").status_code == 200
        assert sign_in(person("tunde")).get(f"/mentoring/{pair.id}").status_code == 404


def test_the_next_step_at_larkspur_point_is_a_promise_past_its_day(app, sign_in):
    campaign = Campaign.get(Campaign.title == "Dry walls, working lifts")
    page = sign_in(person("amina")).get(f"/campaigns/{campaign.key}").get_data(as_text=True)
    assert "fault log of both lifts" in page and "Say what you found" in page


def test_the_two_texts_for_the_lift_stand_on_the_desk_with_who_wrote_them(app, sign_in):
    letter = Letter.get(Letter.title.startswith("Two lifts"))
    page = sign_in(person("keisha")).get(f"/campaigns/{letter.campaign.key}/letters/{letter.id}").get_data(as_text=True)
    assert "Replace the drive of lift A" in page and "Two texts for this part: Bolu’s and Farid’s" in page


def test_the_page_of_the_vote_says_in_whole_sentences_how_it_went(app, sign_in):
    letter = Letter.get(Letter.title.startswith("We ask for dry walls"))
    here = f"/campaigns/{letter.campaign.key}/letters/{letter.id}"
    page = sign_in(person("amina")).get(f"{here}/vote").get_data(as_text=True)
    assert (
        "25 of 25 agree.</b> 3 of them have a worry. 6 of the 6 who hold a job in the campaign voted. 25 people" in page
    )


def test_a_letter_as_it_was_is_dated_as_it_was(app, sign_in):
    letter = Letter.get(Letter.title.startswith("We ask for dry walls"))
    outline = letter.revisions.where(LetterRevision.name == "outline").get()
    here = f"/campaigns/{letter.campaign.key}/letters/{letter.id}/history/{outline.number}"
    page = sign_in(person("keisha")).get(here).get_data(as_text=True)
    assert '<p class="dated"><bdi><time datetime="2026-09-13">' in page


def test_a_stranger_reads_the_letter_in_dari_from_right_to_left_and_no_draft(app, client):
    letter = Letter.get(Letter.title.startswith("We ask for dry walls"))
    page = client.get(f"/letters/{letter.key}/in/fa").get_data(as_text=True)
    assert 'dir="rtl"' in page and "این نامه را یک شکایت رسمی بدانید" in page
    # What stands there in English reads from its own beginning.
    assert "<bdi>12 Station Parade</bdi>" in page and "<bdi>We ask that you:</bdi>" in page
    assert client.get(f"/letters/{letter.key}/in/pa").status_code == 404


def test_a_stranger_reads_nothing_of_the_notes_of_the_circle(app, client):
    campaign = Campaign.get(Campaign.title == "Save Tern and Heron")
    page = client.get(f"/campaigns/{campaign.key}").get_data(as_text=True)
    assert "right to return at the same rent" not in page
