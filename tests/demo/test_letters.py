"""The letters of the demo were written together: everything that a letter can go through stands somewhere in it."""

import json
from collections import Counter

import pytest

from portal import clock
from portal.evidence.models import EvidenceItem
from portal.letters.copies.complainants import named
from portal.letters.copies.models import OwnTemplate, Translation
from portal.letters.editions.models import LetterRevision, Reading, SignedVersion
from portal.letters.models import Block, BlockEvidence, BlockRevision, Letter, LetterVersion
from portal.letters.talk.models import CoAuthor, Comment, Mention, Suggestion
from portal.letters.votes.closing import tally_of
from portal.letters.votes.models import SignOff, Vote
from portal.permissions import ACTIONS
from portal.responses.deadlines.models import Deadline

pytestmark = pytest.mark.usefixtures("demo")


def letter_called(title: str) -> Letter:
    return Letter.get(Letter.title.startswith(title))


@pytest.fixture
def damp(app) -> Letter:
    return letter_called("We ask for dry walls")


@pytest.fixture
def lifts(app) -> Letter:
    return letter_called("Two lifts that work")


def test_the_damp_letter_has_a_lead_and_the_names_of_those_whose_words_are_in_it(damp):
    authors = {row.person.name for row in CoAuthor.select().where(CoAuthor.letter == damp.id)}
    assert damp.lead_author.name == "Farid Noori"
    assert {"Farid Noori", "Amina Dirie", "Nasreen Malik", "Wen Li", "Trevor Light", "Bolu Adeyemi"} <= authors
    assert "Danny Crewe" not in authors


def test_five_states_of_the_damp_letter_have_a_name_and_the_history_runs_forwards(damp):
    rows = list(damp.revisions.order_by(LetterRevision.number))
    named_states = [row.name for row in rows if row.name]
    assert named_states == ["outline", "proposed", "proposed", "proposed", "frozen"]
    for one in Letter.select():
        times = [row.at for row in one.revisions.order_by(LetterRevision.number)]
        assert times == sorted(times) and times[-1] < clock.now()


def test_of_six_suggestions_four_were_taken_one_in_other_words_and_one_refused_with_a_reason(damp):
    found = list(damp.suggestions.order_by(Suggestion.id))
    assert Counter(row.state for row in found) == {"accepted": 4, "merged": 1, "refused": 1}
    assert {row.kind for row in found} == {"replace", "insert", "remove"}
    assert all(row.answer for row in found if row.state in ("merged", "refused"))
    assert all(row.why and row.made_at < row.decided_at for row in found)


def test_fourteen_remarks_were_made_and_one_of_them_grew_into_a_suggestion(damp):
    found = list(damp.comments)
    firsts = [row for row in found if row.thread_id is None]
    assert len(found) == 14 and len(firsts) == 8
    assert [row.text for row in firsts if row.settled_at is None] == [
        "I read it to my aunt on the telephone, in Somali. She said: at last."
    ]
    assert sum(row.suggestion_id is not None for row in found) == 1
    assert [row.person.name for row in Mention.select().join(Comment).where(Comment.letter == damp.id)] == [
        "Farid Noori"
    ]


def test_counters_of_what_is_open_equal_their_rows(app):
    for letter in Letter.select():
        threads = letter.comments.where(Comment.thread.is_null(), Comment.settled_at.is_null())
        waiting = letter.suggestions.where(Suggestion.state == "open")
        assert letter.talk_count == threads.count() + waiting.count()
        assert letter.comment_count == threads.where(Comment.block.is_null()).count()
        for block in letter.blocks:
            beside = BlockRevision.is_beside == True  # noqa: E712
            counted = (
                waiting.where(Suggestion.block == block.id).count(),
                threads.where(Comment.block == block.id).count(),
                block.revisions.where(beside, BlockRevision.settled_at.is_null()).count(),
            )
            assert (block.suggestion_count, block.comment_count, block.clash_count) == counted


def test_the_circle_agreed_22_with_3_worries_and_one_changed_their_mind_after_an_answer(damp):
    sign_off = SignOff.get(SignOff.letter == damp.id)
    tally = tally_of(sign_off)
    assert (tally.agree, tally.worry, tally.not_yet, sign_off.outcome) == (22, 3, 0, "passed")
    first = Vote.get(Vote.sign_off == sign_off.id, Vote.choice == "not_yet")
    assert first.replaced_at is not None and first.answered_by.name == "Keisha Ampofo"
    papers = list(Vote.select().where(Vote.sign_off == sign_off.id, Vote.entered_by.is_null(False)))
    assert len(papers) == 3 and all(row.checked_by_id not in (None, row.entered_by_id) for row in papers)
    version = LetterVersion.get(LetterVersion.letter == damp.id)
    assert version.sign_off_id == sign_off.id and sign_off.closed_at < version.frozen_at


def test_a_second_reader_and_a_room_read_the_damp_letter_before_the_vote(damp):
    rows = list(Reading.select().where(Reading.letter == damp.id).order_by(Reading.id))
    sign_off = SignOff.get(SignOff.letter == damp.id)
    assert [(row.kind, row.number) for row in rows] == [("second", sign_off.number), ("aloud", sign_off.number)]


def test_the_number_of_homes_in_the_damp_letter_came_from_the_register(damp):
    content = json.loads(LetterVersion.get(LetterVersion.letter == damp.id).content)
    fact = next(block for block in content["blocks"] if block["kind"] == "fact")
    assert fact["text"].startswith("31 of 84 homes, since March 2026, have mould.")
    kinds = Counter(row.kind for row in damp.campaign.evidence.where(EvidenceItem.withdrawn_at.is_null()))
    assert kinds == {"complaint": 9, "photos": 3, "measurement": 2, "reports": 1, "public": 1}
    assert damp.campaign.evidence.where(EvidenceItem.withdrawn_at.is_null(False)).count() == 1
    facts = damp.blocks.where(Block.kind == "fact")
    assert all(BlockEvidence.select().where(BlockEvidence.block == fact.id).exists() for fact in facts)
    assert len(content["evidence"]) == 13


def test_the_lift_letter_is_being_written_by_four_with_one_clash_and_three_open_suggestions(lifts):
    assert lifts.is_open_for_drafting and not lifts.is_frozen
    waiting = list(lifts.suggestions)
    assert [row.is_open for row in waiting] == [True] * 3
    assert [row.block.kind for row in waiting if row.is_stale] == ["greeting"]
    clashing = [block for block in lifts.blocks if block.clash_count]
    assert [(block.kind, block.clash_count) for block in clashing] == [("demand", 1)]


def test_in_the_lift_letter_one_remark_waits_for_an_answer_and_one_names_somebody(lifts):
    first = lifts.comments.where(Comment.thread.is_null(), Comment.settled_at.is_null())
    unanswered = [row.text for row in first if not row.answers.exists()]
    assert len(unanswered) == 1 and unanswered[0].startswith("Four hours on the ground floor")
    told = Mention.select().join(Comment).where(Comment.letter == lifts.id)
    assert [row.person.name for row in told] == ["Danny Crewe"]


def test_one_fact_of_the_lift_letter_is_only_a_claim(lifts):
    facts = list(lifts.blocks.where(Block.kind == "fact", Block.removed_at.is_null()))
    claims = [
        fact for fact in facts if not fact.source and not BlockEvidence.select().where(BlockEvidence.block == fact.id)
    ]
    assert [fact.text[:14] for fact in claims] == ["You have known"]


def test_the_damp_letter_is_checked_in_somali_and_dari_and_a_draft_in_punjabi(damp):
    rows = {row.language: row for row in Translation.select().where(Translation.letter == damp.id)}
    assert {language: row.checked_at is not None for language, row in rows.items()} == {
        "so": True,
        "fa": True,
        "pa": False,
    }
    assert all(row.checked_by_id != row.changed_by_id for row in rows.values())
    assert not any("{N" in row.content or "{D" in row.content for row in rows.values())


def test_four_people_agreed_themselves_to_be_named_to_the_landlord_before_the_letter_went(damp):
    people = named(damp)
    assert len(people) == 4 and all(row.person.name == row.name for row in people)
    assert all(clock.to_local(row.agreed_at).date() < damp.sent_on for row in people)


def test_a_typo_in_the_water_letter_was_mended_by_two_leads_and_all_612_stand_under_both(app):
    letter = letter_called("We ask seven questions")
    first, second = letter.versions.order_by(LetterVersion.number)
    assert (second.kind, second.asked_by.name, second.agreed_by.name) == ("typo", "Lowenna Hosken", "Paul Trevean")
    assert (first.signature_count, second.signature_count, letter.signature_count) == (612, 612, 612)
    assert SignedVersion.select().where(SignedVersion.version == second.id, SignedVersion.how == "typo").count() == 612
    assert {row.version_id for row in letter.deliveries} == {second.id}
    assert "Where an answer" in second.canonical_text and "Where an answer" not in first.canonical_text


def test_clocks_run_from_the_day_on_which_each_letter_came_there(damp):
    clocks = {
        row.rule_id: row for row in Deadline.select().where(Deadline.letter == damp.id, Deadline.dropped_at.is_null())
    }
    assert set(clocks) == {"eng.social.complaint.s1.ack", "eng.social.complaint.s1.answer"}
    assert clocks["eng.social.complaint.s1.ack"].satisfied_on is not None
    assert damp.answer_due_on is not None and damp.answer_due_on > damp.sent_on
    for letter in Letter.select().where(Letter.sent_on.is_null(False)):
        assert Deadline.select().where(Deadline.letter == letter.id, Deadline.due_on.is_null(False)).exists()


def test_larkspur_point_keeps_its_letter_to_begin_from_again_without_its_names_and_days(damp):
    kept = OwnTemplate.get(OwnTemplate.campaign == damp.campaign_id)
    assert "Philippa Stroud" not in kept.content and "84 homes" not in kept.content and "[the day]" in kept.content


def test_whoever_wrote_decided_or_counted_in_the_larkspur_letters_holds_the_job_for_it(damp, lifts):
    may_do = {
        "letter.edit": {row.by for letter in (damp, lifts) for row in letter.revisions},
        "letter.decide": {row.decided_by for row in Suggestion.select().where(Suggestion.letter == damp.id)},
        "letter.enter_votes": {row.entered_by for row in Vote.select().where(Vote.entered_by.is_null(False))}
        | {row.checked_by for row in Vote.select().where(Vote.checked_by.is_null(False))},
        "letter.answer_vote": {row.answered_by for row in Vote.select().where(Vote.answered_by.is_null(False))},
    }
    refused = [
        (action, person.name)
        for action, people in may_do.items()
        for person in people
        if not ACTIONS[action] & damp.campaign.parts_of(person)
    ]
    assert refused == []
