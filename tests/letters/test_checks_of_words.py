"""What a machine can see of harm in the words, and what only the database knows."""

from datetime import date

import pytest

from portal.letters import careful_words
from portal.letters.checks import Known, look_over, stops
from portal.letters.editions.models import Reading
from portal.letters.finding import blocks_of, find_letter
from portal.letters.known import known_of
from portal.letters.models import Block, BlockEvidence, Letter
from portal.letters.operations import change_heading
from tests.builders import build_campaign, build_item, build_letter
from tests.counting import count_sql

ALL_READ = Known(lead_count=2, aloud_count=1, second_count=1)


@pytest.fixture
def letter(cast):
    return build_letter(build_campaign(leads=[cast.amina, cast.ben], members=[cast.cerys]))


def found(letter, known=ALL_READ):
    standing = [block for block in blocks_of(letter) if block.removed_at is None]
    return {finding.kind: finding for finding in look_over(letter, standing, known)}


def change(letter, kind, **values):
    block = letter.blocks.where(Block.kind == kind).order_by(Block.position).first()
    Block.update(**values).where(Block.id == block.id).execute()
    return block.id


def test_an_honest_letter_that_was_read_has_nothing_left(letter):
    assert {finding.state for finding in found(letter).values()} == {"ok"}


@pytest.mark.parametrize(
    ("kind", "values", "finding"),
    [
        ("demand", {"by_on": date(2026, 11, 22)}, "demand_soon"),
        ("demand", {"by_on": date(2026, 12, 6)}, "demand_soon"),
        ("question", {"text": "The roof."}, "question_mark"),
        ("fact", {"source": ""}, "claim"),
        ("fact", {"text": "Mr Oakes lied to us."}, "accusation"),
        ("fact", {"text": "You stole our deposits."}, "accusation"),
        ("fact", {"text": "Philippa Stroud knew of the fraud."}, "accusation"),
        ("fact", {"text": "Mrs Kaur has asthma."}, "health"),
        ("fact", {"text": "In 11C a child has asthma."}, "health"),
        ("fact", {"text": "We wrote, and Rosa Bell was in hospital."}, "health"),
        ("closing", {"text": "This is a formal complaint."}, "formal_tick"),
    ],
)
def test_each_is_listed_with_its_part_and_stops_nothing(letter, kind, values, finding):
    block_id = change(letter, kind, **values)
    findings = found(letter, Known(2, 1, 0))
    assert findings[finding].state == "look" and not stops(list(findings.values()))
    if findings[finding].places:
        assert block_id in [block.id for block, _detail in findings[finding].places]


@pytest.mark.parametrize(
    "text",
    [
        "Crime in the area has gone up.",
        "Many of us have asthma.",
        "At Larkspur Point children have asthma.",
        "The lift is stolen from its users by every fault.",
        "Meridale Homes runs the homes.",
    ],
)
def test_what_names_nobody_harms_nobody(letter, text):
    change(letter, "fact", text=text)
    findings = found(letter)
    assert (findings["accusation"].state, findings["health"].state) == ("ok", "ok")


@pytest.mark.parametrize("text", ["We believe that 31 homes have mould.", "As far as we know the roof leaks."])
def test_a_hedged_fact_is_no_claim(letter, text):
    change(letter, "fact", text=text, source="")
    assert found(letter)["claim"].state == "ok"


def test_a_fact_that_rests_on_evidence_is_no_claim(letter):
    BlockEvidence.create(block=change(letter, "fact", source=""), item=build_item(letter.campaign))
    assert found(letter)["claim"].state == "ok"


def test_of_two_demands_that_say_the_same_the_second_is_listed(letter):
    change(letter, "demand", text="Meet us in the community room.")
    twice = found(letter)["demand_twice"]
    assert twice.state == "look" and [block.text for block, _ in twice.places] == ["Meet us in the community room"]


def test_an_accusation_that_a_second_reader_has_read_is_settled(letter):
    change(letter, "fact", text="You stole our deposits.")
    assert found(letter, Known(2, 1, 0))["accusation"].state == "look"
    assert found(letter, ALL_READ)["accusation"].state == "ok"


def test_other_languages_are_not_judged_by_english_words(letter):
    change(letter, "fact", text="Mr Oakes lied.")
    letter.language = "pl"
    assert "accusation" not in found(letter)


def test_a_question_in_another_script_has_its_own_mark(letter):
    change(letter, "question", text="متى فحص السقف؟")
    assert found(letter)["question_mark"].state == "ok"


class TestWhoReadsAndWhoAnswers:
    def test_one_lead_alone_is_too_few_for_the_answers(self, letter):
        assert found(letter, Known(1, 1, 1))["reply_two"].state == "look"

    def test_words_that_nobody_read_aloud_are_listed(self, letter):
        assert found(letter, Known(2, 0, 1))["aloud"].state == "look"

    def test_a_template_that_needs_a_second_reader_stops_without_one(self, letter):
        letter.needs_second_reader = True
        assert found(letter, Known(2, 1, 0))["second_reader"].state == "stops"
        assert found(letter, ALL_READ)["second_reader"].state == "ok"
        letter.needs_second_reader = False
        assert "second_reader" not in found(letter, Known(2, 1, 0))

    def test_readings_count_for_exactly_the_text_that_was_read(self, letter, cast):
        Reading.create(letter=letter, person=cast.cerys, kind="aloud", number=1)
        Reading.create(letter=letter, person=cast.cerys, kind="second", number=1)
        assert known_of(letter) == Known(2, 1, 1)
        Letter.update(version=2).where(Letter.id == letter.id).execute()
        assert known_of(letter) == Known(2, 0, 0)

    def test_the_lead_author_is_no_second_reader_of_their_own_words(self, letter, cast):
        Letter.update(lead_author=cast.amina).where(Letter.id == letter.id).execute()
        Reading.create(letter=letter, person=cast.amina, kind="second", number=1)
        assert known_of(letter).second_count == 0

    def test_it_costs_the_desk_no_statement(self, letter):
        with count_sql() as seen:
            assert known_of(find_letter(letter.campaign, letter.id)).lead_count == 2
        assert len(seen) == 1


class TestTheFormalComplaint:
    def tick(self, letter, ticked, cast):
        change_heading(
            letter,
            title=letter.title,
            language="en",
            is_formal_complaint=ticked,
            seen_title=letter.title,
            by=cast.amina,
        )

    def greeting(self, letter):
        return letter.blocks.where(Block.kind == "greeting").get().text

    def test_the_tick_puts_the_line_in_and_takes_it_out_again(self, letter, cast):
        before = self.greeting(letter)
        self.tick(letter, True, cast)
        assert self.greeting(letter) == f"{before} Treat this letter as a formal complaint."
        assert found(letter)["formal"].state == "ok"
        self.tick(letter, False, cast)
        assert self.greeting(letter) == before

    def test_words_of_their_own_are_left_alone(self, letter, cast):
        change(letter, "greeting", text="Dear you, this is our formal complaint.")
        self.tick(letter, True, cast)
        assert self.greeting(letter) == "Dear you, this is our formal complaint."

    def test_a_tick_without_words_is_listed(self, letter):
        letter.is_formal_complaint = True
        assert found(letter)["formal_words"].state == "look"

    def test_it_is_in_the_history_and_raises_the_version_once(self, letter, cast):
        self.tick(letter, True, cast)
        block = letter.blocks.where(Block.kind == "greeting").get()
        assert block.version == 2 and block.revisions.count() == 1
        assert Letter.get_by_id(letter.id).version == 2


def test_doors_are_told_from_prices_and_lengths():
    assert careful_words.doors("In 11C, flat 12 and door 3; it costs 5p for 10m.") == ["11C", "flat 12", "door 3"]
