"""Whatever people do, in whatever order: counters are the rows, only a passed vote freezes, nobody votes who may not,
and nobody sees what others said before they have voted."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal import clock
from portal.database import db
from portal.errors import RuleBroken
from portal.letters import freezing
from portal.letters.blocks import Words, save_block
from portal.letters.editions import again, later
from portal.letters.editions.models import SignedVersion
from portal.letters.finding import find_letter
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.letters.votes import closing, opening, room, telling, voting
from portal.letters.votes.models import SignOff, Vote
from portal.letters.votes.rule import lacks
from tests.builders import build_campaign, build_letter, build_person, build_signature
from tests.conftest import NOON
from tests.examples import examples

PEOPLE = st.integers(0, 4)
CHOICES = st.sampled_from(["agree", "worry", "not_yet"])


class Votes(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.people = [build_person() for _ in range(4)]
        self.stranger = build_person()
        campaign = build_campaign(leads=self.people[:2], members=self.people[2:])
        self.letter = build_letter(campaign)
        self.at = NOON
        self.words = 0

    def attempt(self, act):
        """Do it, or be told no; a no changes nothing."""
        with clock.frozen_at(self.at):
            try:
                return act(find_letter(self.letter.campaign, self.letter.id))
            except RuleBroken:
                return None

    def who(self, nth):
        return self.people[nth] if nth < 4 else self.stranger

    @rule(hours=st.integers(1, 90))
    def open(self, hours):
        def act(letter):
            until = self.at + timedelta(hours=hours)
            opening.open_vote(letter, seen=letter.version, closes_at=until, by=self.people[0])

        self.attempt(act)

    @rule(nth=PEOPLE, choice=CHOICES)
    def cast(self, nth, choice):
        self.attempt(
            lambda letter: letter.vote and voting.cast_vote(letter.vote, choice=choice, reason="x", by=self.who(nth))
        )

    @rule(nth=PEOPLE, by=st.integers(0, 1), choice=CHOICES, read=CHOICES)
    def paper(self, nth, by, choice, read):
        def act(letter):
            if letter.vote:
                paper = voting.enter_paper(
                    letter.vote, person=self.who(nth), choice=choice, reason="x", by=self.people[by]
                )
                voting.check_paper(paper, choice=read, by=self.people[1 - by])

        self.attempt(act)

    @rule()
    def change(self):
        def act(letter):
            self.words += 1
            block = Block.select().where(Block.letter == letter.id, Block.kind == "fact").get()
            block.letter = letter
            save_block(block, Words(f"{self.words} homes"), seen=block.version, by=self.people[2])

        self.attempt(act)

    @rule()
    def change_behind_everybody_s_back(self):
        Block.update(text=f"Pay us {self.words}").where(
            Block.letter == self.letter.id, Block.kind == "closing"
        ).execute()

    @rule(hours=st.integers(1, 40))
    def wait(self, hours):
        self.at += timedelta(hours=hours)
        with clock.frozen_at(self.at):
            telling.nudge_before_the_end()
            closing.close_due()

    @rule()
    def close_or_stop(self):
        self.attempt(lambda letter: letter.vote and closing.close_early(letter.vote, by=self.people[0]))

    @rule()
    def freeze(self):
        before = LetterVersion.select().count()
        version = self.attempt(lambda letter: freezing.freeze(letter, by=self.people[1]))
        if version is not None:
            sign_off = SignOff.get_by_id(version.sign_off_id)
            assert sign_off.outcome == "passed" and sign_off.sha256 == version.sha256
            assert not lacks(closing.rule_of(sign_off), closing.tally_of(sign_off))
        assert LetterVersion.select().count() == before + (version is not None)

    @rule()
    def agree_and_freeze(self):
        def act(letter):
            until = self.at + timedelta(hours=5)
            vote = opening.open_vote(letter, seen=letter.version, closes_at=until, by=self.people[0])
            vote.letter = letter
            for person in self.people:
                voting.cast_vote(vote, choice="agree", by=person)
            closing.close_early(vote, by=self.people[0])
            freezing.freeze(letter, by=self.people[0])

        self.attempt(act)

    @rule()
    def reopen(self):
        self.attempt(lambda letter: later.reopen(letter, by=self.people[0], why="x"))

    @rule()
    def mend(self):
        def act(letter):
            later.ask_typo(letter, seen=letter.version, note="x", by=self.people[0])
            later.agree_typo(Letter.get_by_id(letter.id), by=self.people[1])

        self.attempt(act)

    @precondition(lambda self: LetterVersion.select().where(LetterVersion.letter == self.letter.id).exists())
    @rule(again_too=st.booleans())
    def sign(self, again_too):
        from portal.letters.editions import standing

        now = Letter.get_by_id(self.letter.id)
        signature = build_signature(now)
        signature.letter = now
        standing.count(signature, +1)
        if again_too:
            first = Signature.select().where(Signature.letter == now.id).order_by(Signature.id).get()
            self.attempt(lambda _letter: again.sign_again(first))

    @invariant()
    def counters_are_the_rows(self):
        for sign_off in SignOff.select().where(SignOff.letter == self.letter.id):
            tally = closing.tally_of(sign_off)
            assert (sign_off.voter_count, sign_off.core_voter_count) == (tally.voters, tally.core)
            electors = {row.person_id for row in sign_off.electors}
            assert {row.person_id for row in Vote.select().where(Vote.sign_off == sign_off.id)} <= electors
        assert SignOff.select().where(SignOff.letter == self.letter.id, SignOff.outcome.is_null()).count() <= 1

    @invariant()
    def versions_count_honestly(self):
        now = Letter.get_by_id(self.letter.id)
        versions = list(now.versions.order_by(LetterVersion.number))
        for version in versions:
            under = SignedVersion.select().where(SignedVersion.version == version.id).count()
            assert version.signature_count == under
        assert now.signature_count == (versions[-1].signature_count if versions else 0)
        assert now.campaign.signature_count == Signature.select().where(Signature.letter == now.id).count()

    @invariant()
    def results_are_hidden(self):
        with clock.frozen_at(self.at):
            letter = find_letter(self.letter.campaign, self.letter.id)
            for person in (*self.people, self.stranger):
                seen = room.enter(letter, person)
                if seen is not None and seen.outcome == "open":
                    assert (seen.results is None) == (seen.mine is None)


@pytest.mark.hypothesis
@pytest.mark.usefixtures("app")
def test_whatever_people_do(app):
    class Rolled(Votes):
        def __init__(self):
            super().__init__()
            self.outer = db.atomic()
            self.point = self.outer.__enter__()

        def teardown(self):
            self.point.rollback()
            self.outer.__exit__(None, None, None)

    with app.test_request_context():
        run_state_machine_as_test(
            Rolled,
            settings=settings(
                max_examples=examples(8, at_once=2),
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
