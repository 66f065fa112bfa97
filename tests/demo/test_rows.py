"""What is in the demo adds up: counters equal rows, and the story has all its parts."""

import json
from collections import Counter

import peewee
import pytest

from portal import clock
from portal.campaigns.models import Activity, Attachment, Campaign, JoinRequest, Membership, Role
from portal.dashboards import queries
from portal.dashboards.thread import reply_line
from portal.letters.models import BlockRevision, Delivery, Letter, Signature
from portal.letters.sheet import is_whole
from portal.letters.votes.models import SignOff
from portal.meetings.models import Attendance, Meeting, Rsvp, Undertaking
from portal.mentoring.models import First, MentorPair
from portal.people.models import OrganizerProfile, Person
from portal.places.models import Home, Place
from portal.responses import promises, reading
from portal.responses.checking import settling
from portal.responses.models import Commitment, Response
from portal.responses.queries import sheet_rows
from portal.storage import path_of

pytestmark = pytest.mark.usefixtures("demo")


def campaign(title: str) -> Campaign:
    return Campaign.get(Campaign.title == title)


@pytest.fixture
def larkspur(app) -> Campaign:
    return campaign("Dry walls, working lifts")


@pytest.fixture
def tern(app) -> Campaign:
    return campaign("Save Tern and Heron")


@pytest.fixture
def pellan(app) -> Campaign:
    return campaign("Clear water for Pellan Vale")


def counted(letter: Letter) -> tuple[int, int]:
    rows = list(Signature.select().where(Signature.letter == letter.id, Signature.state == "confirmed"))
    return len(rows), len({row.home_id for row in rows if row.home_id})


def test_counters_of_letters_and_campaigns_equal_their_rows(app):
    for one in Campaign.select():
        found = [counted(letter) for letter in one.letters]
        stored = [(letter.signature_count, letter.signed_home_count) for letter in one.letters]
        assert stored == found
        assert (one.signature_count, one.signed_home_count) == tuple(map(sum, zip(*found, strict=True)))
        members = Membership.select().where(Membership.campaign == one.id, Membership.left_at.is_null()).count()
        assert one.member_count == members


def test_counters_of_places_and_meetings_equal_their_rows(app):
    for place in Place.select():
        homes = [home for building in place.buildings for home in building.homes if home.counts]
        assert place.home_count == sum(home.dwelling_count for home in homes)
    for meeting in Meeting.select():
        said_yes = [
            1 + rsvp.brings_count for rsvp in Rsvp.select().where(Rsvp.meeting == meeting.id) if rsvp.answer == "yes"
        ]
        came = Attendance.select().where(Attendance.meeting == meeting.id, Attendance.undone_at.is_null()).count()
        assert (meeting.yes_count, meeting.came_count) == (sum(said_yes), came)


def test_counters_of_promises_equal_what_residents_said(app):
    for commitment in Commitment.select():
        reach = promises.reach_of(commitment, [row.home_id for row in commitment.homes])
        finding = promises.settle([settling.said(check) for check in commitment.checks], reach)
        stored = (commitment.state, commitment.fixed_count, commitment.not_fixed_count)
        assert stored == (finding.state, finding.fixed_count, finding.not_fixed_count)


def test_143_people_from_66_homes_signed_at_larkspur_point(larkspur):
    letter = larkspur.letters.order_by(Letter.id).first()
    assert counted(letter) == (143, 66)
    shown = Counter(row.display for row in letter.signatures)
    assert shown == {"full": 58, "first_name": 41, "resident": 30, "hidden": 14}
    assert {row.signature_count for row in letter.deliveries} == {143}
    assert {row.channel for row in letter.deliveries} == {"email", "hand"}


def test_names_on_paper_are_told_apart_from_those_signed_online(app):
    paper = Signature.select().where(Signature.wording == "paper-1")
    per_letter = Counter(row.letter_id for row in paper)
    assert sorted(per_letter.values()) == [24, 52, 378]
    assert all(not row.email and row.email_key is None for row in paper)


def test_118_and_612_people_signed_the_others(tern, pellan):
    assert (tern.signature_count, tern.place.home_count) == (118, 62)
    assert (pellan.signature_count, pellan.place.home_count) == (612, 1140)


def test_larkspur_point_has_84_homes_with_their_tenures(larkspur):
    homes = [home for building in larkspur.place.buildings for home in building.homes]
    assert len(homes) == 84 and len({home.floor_order for home in homes}) == 14
    assert Counter(home.tenure for home in homes) == {
        "social_rent": 61,
        "leasehold": 15,
        "private_rent": 5,
        "unknown": 3,
    }
    assert Counter(home.status for home in homes) == {"occupied": 80, "empty": 3, "do_not_contact": 1}
    assert not Signature.select().join(Home).where(Home.status != "occupied").exists()


def test_everybody_and_every_campaign_is_marked_as_made_up(app):
    assert all(person.is_demo for person in Person.select())
    assert {(one.is_demo, one.visibility) for one in Campaign.select()} == {(True, "public")}


def test_each_campaign_has_two_leads_and_a_declared_organizer(app):
    for one in Campaign.select():
        leads = Role.select().join(Membership).where(Membership.campaign == one.id, Role.name == "lead")
        assert len({role.membership_id for role in leads if role.is_held(clock.today())}) == 2
        organizer = Attachment.get(Attachment.campaign == one.id).person
        assert OrganizerProfile.get(OrganizerProfile.person == organizer.id).declaration


def test_the_timeline_runs_forwards_and_never_past_today(app):
    for one in Campaign.select():
        days = [row.happened_on for row in Activity.select().where(Activity.campaign == one.id)]
        assert min(days) == Activity.get(Activity.campaign == one.id, Activity.verb == "campaign_started").happened_on
        assert max(days) < clock.today()
        recorded = Activity.select(peewee.fn.MAX(Activity.recorded_at)).where(Activity.campaign == one.id).scalar()
        assert recorded <= clock.now()


def test_every_frozen_text_still_has_its_fingerprint_and_every_file_its_bytes(app):
    versions = [version for letter in Letter.select() for version in letter.versions]
    assert len(versions) == 8 and all(is_whole(version) for version in versions)
    for row in [*Delivery.select(), *Response.select().where(Response.file.is_null(False))]:
        kept = row.paper if isinstance(row, Delivery) else row.file
        assert path_of(kept.sha256).stat().st_size == kept.size


def test_no_text_of_the_demo_has_a_day_that_was_not_filled_in(app):
    texts = [version.canonical_text for letter in Letter.select() for version in letter.versions]
    texts += [row.text for row in BlockRevision.select()] + [row.text for row in Response.select()]
    texts += [row.public_words for row in Response.select()]
    assert [text for text in texts if "{D" in text] == []


def test_seven_answers_came_to_larkspur_point_and_the_solicitors_sheet_has_two_readers(larkspur):
    answers = list(Response.select().where(Response.campaign == larkspur.id).order_by(Response.id))
    assert [row.kind for row in answers] == [
        "auto_reply",
        "acknowledgement",
        "acknowledgement",
        "holding",
        "partial",
        "meeting_agreed",
        "commitment",
    ]
    assert all(row.published_at and json.loads(row.public_sheet) for row in answers)
    rows = sheet_rows(answers[4])
    assert [row.first.verdict for row in rows] == [
        "partly",
        "not_answered",
        "yes",
        "not_answered",
        "no",
        "not_answered",
        "no",
        "not_answered",
    ]
    assert reading.readers_of(rows) == ["Farid Noori", "Dot Hargreaves"]
    assert [(row.ask.kind, row.ask.number) for row in rows if row.is_disputed] == [("demand", 6)]


def test_the_fans_are_fixed_in_27_homes_and_not_in_9(larkspur):
    fans = Commitment.get(Commitment.what.startswith("Fit working fans"))
    assert Counter(check.verdict for check in fans.checks) == {"fixed": 27, "not_fixed": 9, "cannot_tell": 4}
    assert (fans.home_count, promises.reach_of(fans).needed) == (40, 24)
    assert promises.standing(fans, clock.today()) == "broken"


def test_promises_stand_in_every_way_there_is(app):
    standings = {promises.standing(row, clock.today()) for row in Commitment.select()}
    assert standings == {"kept", "broken", "late", "undated", "not_due"}


def test_two_texts_for_one_demand_stand_beside_each_other_in_the_second_letter(larkspur):
    beside = BlockRevision.get(BlockRevision.is_beside == True)  # noqa: E712
    assert beside.saved_by.name == "Farid Noori" and beside.block.edited_by.name == "Bolu Adeyemi"
    editors = {row.edited_by_id for row in beside.block.letter.blocks}
    assert len(editors) == 4


def test_something_waits_for_a_second_person_and_somebody_asks_to_come_in(tern, larkspur):
    waiting = SignOff.get(SignOff.outcome.is_null())
    assert (waiting.letter.campaign_id, waiting.opened_by.name) == (tern.id, "Rose Maddox")
    assert 0 < waiting.voter_count < waiting.elector_count
    assert JoinRequest.get(JoinRequest.decided_at.is_null()).campaign_id == larkspur.id


def test_the_three_campaigns_stand_at_different_points_of_the_thread(larkspur, tern, pellan):
    lines = {one.title: reply_line(queries.find_thread(one, 0)).line for one in (larkspur, tern, pellan)}
    assert lines == {larkspur.title: "promised", tern.title: "answered", pellan.title: "waiting"}


def test_people_bring_each_other_on(larkspur):
    pairs = {(pair.mentor.name, pair.mentee.name): pair for pair in MentorPair.select()}
    assert pairs["Mags Olawale", "Keisha Ampofo"].is_active and pairs["Dot Hargreaves", "Bolu Adeyemi"].is_active
    assert pairs["Keisha Ampofo", "Amina Dirie"].is_proposed
    keishas = First.select().where(First.pair == pairs["Mags Olawale", "Keisha Ampofo"].id)
    assert keishas.count() == 7


def test_meetings_lie_behind_and_ahead_and_some_tasks_are_open(larkspur):
    meetings = list(Meeting.select().where(Meeting.campaign == larkspur.id))
    past = [one for one in meetings if one.has_begun(clock.now())]
    assert len(past) == 5 and all(one.closed_at for one in past) and len(meetings) == 7
    assert sorted(one.came_count for one in past) == [5, 7, 8, 41, 63]
    tasks = list(Undertaking.select().where(Undertaking.campaign == larkspur.id))
    assert any(task.done_at for task in tasks) and any(not task.done_at for task in tasks)
