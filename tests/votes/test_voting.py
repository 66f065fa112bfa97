"""Opening a vote, voting, changing one's mind, answers, papers, and how it ends."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns import circle
from portal.campaigns.models import Activity
from portal.errors import RuleBroken
from portal.letters.blocks import Words, save_block
from portal.letters.models import Block, Letter
from portal.letters.votes import closing, opening, telling, voting
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.letters.votes.rule import Rule, Tally, lacks
from portal.targets.models import Target
from tests.builders import add_member, build_campaign, build_letter
from tests.conftest import NOON

LATER = NOON + timedelta(hours=73)


def end(vote):
    with clock.frozen_at(LATER):
        closing.close_due()
    return SignOff.get_by_id(vote.id)


class TestOpening:
    def test_everybody_in_the_circle_can_vote_and_is_told_and_the_organizer_is_not(self, vote, cast, dee, outbox):
        electors = {row.person: row.is_core for row in vote.electors}
        assert electors == {cast.amina: True, cast.ben: True, dee: True, cast.cerys: False}
        assert (vote.elector_count, vote.core_count, vote.least_voters) == (4, 3, 3)
        assert {mail.to for mail in outbox()} == {person.email for person in electors}
        assert all("/vote" in mail.link("/vote") for mail in outbox())

    def test_the_text_is_named_as_proposed(self, vote, letter):
        assert letter.revisions.get().name == "proposed"

    def test_two_people_are_enough_and_one_is_not(self, cast):
        until = clock.now() + timedelta(hours=2)
        pair = build_letter(build_campaign(leads=[cast.amina, cast.ben]))
        assert opening.open_vote(pair, seen=1, closes_at=until, by=cast.amina).least_voters == 2
        alone = build_letter(build_campaign(leads=[cast.dov]))
        with pytest.raises(RuleBroken, match="It takes two"):
            opening.open_vote(alone, seen=1, closes_at=until, by=cast.dov)

    @pytest.mark.parametrize(
        "given, words",
        [
            ({"closes_at": NOON + timedelta(minutes=59)}, "at least an hour"),
            ({"closes_at": NOON + timedelta(days=14, minutes=1)}, "fourteen days"),
            ({"seen": 2}, "changed while you were reading"),
            ({"least_voters": 5}, "cannot take more"),
            ({"least_voters": 1}, "at least two people"),
        ],
    )
    def test_what_does_not_open(self, letter, cast, given, words):
        usual = {"seen": 1, "closes_at": NOON + timedelta(hours=72), "by": cast.amina}
        with pytest.raises(RuleBroken, match=words):
            opening.open_vote(letter, **{**usual, **given})
        assert not SignOff.select().exists()

    def test_what_stops_the_freeze_stops_the_vote(self, letter, cast):
        Block.update(text="[how many] homes").where(Block.kind == "fact").execute()
        with pytest.raises(RuleBroken, match="Fill the gaps"):
            opening.open_vote(letter, seen=1, closes_at=NOON + timedelta(hours=72), by=cast.amina)

    def test_there_is_one_at_a_time(self, vote, letter, cast):
        with pytest.raises(RuleBroken, match="open already"):
            opening.open_vote(letter, seen=1, closes_at=NOON + timedelta(hours=72), by=cast.ben)


class TestCasting:
    def test_a_changed_mind_adds_a_row_and_the_last_one_counts(self, vote, cast, now_of):
        voting.cast_vote(vote, choice="not_yet", reason="Too long", by=cast.cerys)
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        rows = list(Vote.select().order_by(Vote.number))
        assert [(row.number, row.choice, row.replaced_at is None) for row in rows] == [
            (1, "not_yet", False),
            (2, "agree", True),
        ]
        assert (now_of(vote).voter_count, now_of(vote).core_voter_count) == (1, 0)
        assert closing.tally_of(vote) == Tally(agree=1)

    def test_the_same_again_changes_nothing(self, vote, cast):
        first = voting.cast_vote(vote, choice="agree", by=cast.ben)
        assert voting.cast_vote(vote, choice="agree", by=cast.ben) == first

    def test_not_yet_needs_a_reason(self, vote, cast):
        with pytest.raises(RuleBroken, match="what should change"):
            voting.cast_vote(vote, choice="not_yet", reason=" ", by=cast.cerys)

    def test_whoever_came_later_does_not_vote(self, vote, letter, cast):
        add_member(letter.campaign, cast.nia, "lead")
        with pytest.raises(RuleBroken, match="when the vote opened"):
            voting.cast_vote(vote, choice="agree", by=cast.nia)

    def test_nobody_votes_after_its_hour(self, vote, cast):
        with clock.frozen_at(LATER), pytest.raises(RuleBroken, match="is over"):
            voting.cast_vote(vote, choice="agree", by=cast.cerys)

    @pytest.mark.parametrize("behind", [Block.update(text="Pay us"), Target.update(person_name="Another")])
    def test_words_changed_behind_everybody_s_back_end_it_when_the_next_one_votes(self, vote, cast, behind, now_of):
        behind.execute()
        with pytest.raises(RuleBroken, match="The vote has ended"):
            voting.cast_vote(vote, choice="agree", by=cast.cerys)
        assert now_of(vote).outcome == "cancelled" and not Vote.select().exists()


class TestAnswers:
    def test_a_lead_who_has_voted_answers_and_the_voter_is_told(self, vote, cast, outbox):
        said = voting.cast_vote(vote, choice="not_yet", reason="It names no day", by=cast.cerys)
        voting.cast_vote(vote, choice="agree", by=cast.amina)
        voting.answer_vote(said, answer="Demand 1 has one now", by=cast.amina)
        mail = outbox(to=cast.cerys.email)[-1]
        assert "Demand 1 has one now" in mail.text and "It names no day" in mail.text

    def test_a_lead_who_has_not_voted_does_not_see_and_does_not_answer(self, vote, cast):
        said = voting.cast_vote(vote, choice="worry", reason="It is long", by=cast.cerys)
        with pytest.raises(RuleBroken, match="Vote first"):
            voting.answer_vote(said, answer="Yes", by=cast.amina)


class TestPaper:
    def test_it_counts_when_two_have_read_the_same(self, vote, cast, now_of, outbox):
        paper = voting.enter_paper(vote, person=cast.cerys, choice="worry", reason="The lift", by=cast.ben)
        assert now_of(vote).voter_count == 0
        voting.check_paper(paper, choice="worry", by=cast.amina)
        assert now_of(vote).voter_count == 1 and closing.tally_of(vote) == Tally(worry=1)
        assert "on paper" in outbox(to=cast.cerys.email)[-1].text

    def test_one_alone_is_not_enough_and_two_have_to_read_the_same(self, vote, cast, now_of):
        paper = voting.enter_paper(vote, person=cast.cerys, choice="agree", by=cast.ben)
        with pytest.raises(RuleBroken, match="It takes two"):
            voting.check_paper(paper, choice="agree", by=cast.ben)
        with pytest.raises(RuleBroken, match="read it differently"):
            voting.check_paper(paper, choice="worry", by=cast.amina)
        assert now_of(vote).voter_count == 0

    def test_only_for_somebody_who_has_not_voted(self, vote, cast):
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        with pytest.raises(RuleBroken, match="voted already"):
            voting.enter_paper(vote, person=cast.cerys, choice="worry", by=cast.ben)

    def test_one_s_own_vote_comes_before_a_paper_that_waits(self, vote, cast):
        paper = voting.enter_paper(vote, person=cast.cerys, choice="worry", by=cast.ben)
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        with pytest.raises(RuleBroken, match="does not wait"):
            voting.check_paper(paper, choice="worry", by=cast.amina)
        assert closing.tally_of(vote) == Tally(agree=1)

    def test_a_wrong_entry_can_be_dropped_and_made_again(self, vote, cast):
        voting.take_back_paper(voting.enter_paper(vote, person=cast.cerys, choice="worry", by=cast.ben))
        paper = voting.enter_paper(vote, person=cast.cerys, choice="agree", by=cast.amina)
        voting.check_paper(paper, choice="agree", by=cast.ben)
        assert closing.tally_of(vote) == Tally(agree=1)


class TestTheEnd:
    def test_it_passes_at_its_hour(self, vote, cast, dee):
        for person in (cast.amina, cast.ben, cast.cerys):
            voting.cast_vote(vote, choice="agree", by=person)
        voting.cast_vote(vote, choice="not_yet", reason="No", by=dee)
        ended = end(vote)
        assert (ended.outcome, ended.closed_at, ended.closed_by) == ("passed", vote.closes_at, None)

    def test_it_fails_when_too_few_come(self, vote, cast):
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        assert end(vote).outcome == "failed"

    def test_a_lead_closes_it_early_only_when_all_have_voted(self, vote, cast, dee):
        for person in (cast.amina, cast.ben, cast.cerys):
            voting.cast_vote(vote, choice="agree", by=person)
        with pytest.raises(RuleBroken, match="Somebody has not voted"):
            closing.close_early(vote, by=cast.amina)
        voting.cast_vote(vote, choice="agree", by=dee)
        assert closing.close_early(vote, by=cast.amina).outcome == "passed"

    def test_who_left_the_circle_is_not_waited_for(self, vote, cast, dee):
        for person in (cast.amina, cast.ben, cast.cerys):
            voting.cast_vote(vote, choice="agree", by=person)
        circle.leave(vote.letter.campaign, by=dee)
        assert closing.close_early(vote, by=cast.amina).outcome == "passed"

    def test_a_lead_stops_it_with_a_reason(self, vote, cast, outbox):
        ended = closing.stop(vote, why="We forgot the lifts", by=cast.ben)
        assert (ended.outcome, ended.cancelled_for) == ("cancelled", "stopped")
        telling.tell_how_it_ended(vote.id)
        telling.tell_how_it_ended(vote.id)
        mails = [mail for mail in outbox(to=cast.cerys.email) if "We forgot the lifts" in mail.text]
        assert len(mails) == 1

    def test_a_change_of_the_text_cancels_it_and_keeps_the_votes(self, vote, letter, cast):
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        block = letter.blocks.where(Block.kind == "demand").first()
        save_block(block, Words("Survey all homes"), seen=1, by=cast.ben)
        ended = SignOff.get()
        assert (ended.outcome, ended.closed_by, ended.changed_block_id) == ("cancelled", cast.ben, block.id)
        assert Vote.get().replaced_at is None

    def test_a_change_after_its_hour_counts_it_first(self, vote, letter, cast):
        for person in (cast.amina, cast.ben, cast.cerys):
            voting.cast_vote(vote, choice="agree", by=person)
        with clock.frozen_at(LATER):
            save_block(letter.blocks.where(Block.kind == "fact").get(), Words("Other words"), seen=1, by=cast.ben)
        assert SignOff.get().outcome == "passed"

    def test_words_changed_behind_everybody_s_back_do_not_pass(self, vote, cast, dee):
        for person in (cast.amina, cast.ben, cast.cerys, dee):
            voting.cast_vote(vote, choice="agree", by=person)
        Block.update(text="Pay us").where(Block.kind == "demand").execute()
        assert end(vote).outcome == "cancelled"

    def test_a_failed_one_can_be_opened_anew(self, vote, letter, cast):
        end(vote)
        now = Letter.get_by_id(letter.id)
        assert opening.open_vote(now, seen=1, closes_at=NOON + timedelta(hours=99), by=cast.ben).is_open

    def test_the_timeline_tells_the_outcome_and_no_counts(self, vote, cast):
        voting.cast_vote(vote, choice="not_yet", reason="Secret words", by=cast.cerys)
        end(vote)
        facts = [row.facts for row in Activity.select().where(Activity.verb.startswith("vote_"))]
        assert len(facts) == 2 and not any("Secret" in one or "count" in one for one in facts)


class TestReminders:
    def test_only_those_who_have_not_voted_once_a_day(self, vote, cast, dee, outbox):
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        before = len(outbox())
        assert (telling.nudge(vote), telling.nudge(vote)) == (3, 0)
        assert {mail.to for mail in outbox()[before:]} == {cast.amina.email, cast.ben.email, dee.email}
        with clock.frozen_at(NOON + timedelta(hours=25)):
            assert telling.nudge(vote) == 3

    def test_by_itself_in_the_last_day_once(self, vote, cast):
        assert telling.nudge_before_the_end() == 0
        voting.cast_vote(vote, choice="agree", by=cast.cerys)
        with clock.frozen_at(NOON + timedelta(hours=49)):
            assert (telling.nudge_before_the_end(), telling.nudge_before_the_end()) == (3, 0)
        assert Elector.get(Elector.person == cast.cerys).nudged_at is None

    def test_no_mail_tells_what_others_said(self, vote, cast, outbox):
        voting.cast_vote(vote, choice="not_yet", reason="Secret words", by=cast.cerys)
        telling.nudge(vote)
        assert not any("Secret words" in mail.text or "Cerys" in mail.text.split("\n", 2)[2] for mail in outbox()[4:])


def test_the_rule_in_numbers():
    rule = Rule(pass_percent=50, core_percent=50, least_voters=3, core_count=5)
    assert rule.core_needed == 3
    assert lacks(rule, Tally(agree=2, worry=1, not_yet=2, core=3)) == []
    assert lacks(rule, Tally(agree=2, not_yet=2, core=3)) == ["agreement"]
    assert lacks(rule, Tally(agree=2, core=2)) == ["core", "people"]
    assert lacks(rule, Tally()) == ["agreement", "core", "people"]
