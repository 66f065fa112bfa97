"""Whatever people do to a letter, in whatever order: no saved word is lost, and a frozen text stays what it is."""

import json

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from portal import clock
from portal.database import db
from portal.letters.blocks import Words
from portal.letters.canonical import fingerprint_of
from portal.letters.editions.models import LetterRevision
from portal.letters.editions.states import states_of
from portal.letters.models import Block, BlockRevision, Letter, LetterVersion
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.votes.models import SignOff
from portal.letters.wording import sha256_now
from tests.examples import examples
from tests.letters.life_after import Life

EXAMPLES = examples(12, at_once=2)


class Checked(Life):
    """One life in one savepoint, looked at after every step."""

    def __init__(self):
        super().__init__()
        self.outer = db.atomic()
        self.point = self.outer.__enter__()

    @initialize()
    def nothing_yet(self):
        self.versions, self.frozen, self.states, self.fixed = {}, {}, {}, None

    def teardown(self):
        try:
            if getattr(self, "states", None):
                self.every_state_still_reads_as_it_did()
        finally:
            self.point.rollback()
            self.outer.__exit__(None, None, None)

    @invariant()
    def all_is_well(self):
        # Read once for all the questions: writing a statement takes longer than answering it.
        self.now = Letter.get_by_id(self.letter.id)
        self.rows = list(Block.select().where(Block.letter == self.letter.id).order_by(Block.position, Block.id))
        self.nothing_saved_is_lost()
        self.the_letter_can_be_rebuilt()
        self.counters_are_the_rows()
        self.each_part_has_its_own_place()
        self.nobody_votes_on_other_words()
        self.what_is_frozen_stays()
        self.no_state_is_impossible()

    def nothing_saved_is_lost(self):
        kept = {}
        for row in BlockRevision.select().join(Block).where(Block.letter == self.letter.id):
            kept.setdefault(row.block_id, []).append(row)
        for block_id, text in self.saved:
            assert any(row.text == text for row in kept[block_id]), f"{text!r} is not in the history"
        for block in self.rows:
            own = sorted((row for row in kept[block.id] if not row.is_beside), key=lambda row: row.version)
            assert [row.version for row in own] == list(range(1, block.version + 1))
            assert Words.of(own[-1]) == Words.of(block)
            waiting = [row for row in kept[block.id] if row.is_beside and row.settled_at is None]
            assert block.clash_count == len(waiting)
            assert block.version >= self.versions.get(block.id, 0)
            self.versions[block.id] = block.version

    def the_letter_can_be_rebuilt(self):
        now = self.now
        assert now.version >= self.versions.get("letter", 0)
        self.versions["letter"] = now.version
        if now.version not in self.states:
            numbers = [row.number for row in LetterRevision.select().where(LetterRevision.letter == now.id)]
            assert sorted(numbers) == list(range(1, now.version + 1))
            self.states |= {number: self.read(state) for number, state in states_of(now, numbers).items()}
        standing = [row for row in self.rows if row.removed_at is None]
        assert self.states[now.version] == (now.title, [(row.id, row.version, Words.of(row)) for row in standing])

    def read(self, state):
        assert len(state.parts) == len(json.loads(state.revision.arrangement))
        return state.title, [(part.id, part.version, part.words) for part in state.parts]

    def every_state_still_reads_as_it_did(self):
        found = states_of(self.letter, list(self.states))
        assert {number: self.read(state) for number, state in found.items()} == self.states

    def counters_are_the_rows(self):
        open_ones = Suggestion.select().where(Suggestion.letter == self.letter.id, Suggestion.state == "open")
        begun = Comment.letter == self.letter.id, Comment.thread.is_null(), Comment.settled_at.is_null()
        about = [row.block_id for row in open_ones]
        said = [row.block_id for row in Comment.select().where(*begun)]
        for block in self.rows:
            assert (block.suggestion_count, block.comment_count) == (about.count(block.id), said.count(block.id))
        now = self.now
        assert (now.comment_count, now.talk_count) == (said.count(None), len(said) + len(about))

    def each_part_has_its_own_place(self):
        assert [row.position for row in self.rows] == list(range(len(self.rows)))

    def nobody_votes_on_other_words(self):
        under_way = list(SignOff.select().where(SignOff.letter == self.letter.id, SignOff.outcome.is_null()))
        assert len(under_way) <= 1
        for vote in under_way:
            now = self.now
            with clock.frozen_at(self.at):
                assert (vote.number, vote.sha256) == (now.version, sha256_now(now))
            assert now.is_open_for_drafting

    def what_is_frozen_stays(self):
        for version in LetterVersion.select().where(LetterVersion.letter == self.letter.id):
            told = (version.number, version.canonical_text, version.sha256, version.content)
            assert self.frozen.setdefault(version.id, told) == told
            assert fingerprint_of(version.canonical_text) == version.sha256
            if version.kind == "typo":
                two = {version.asked_by_id, version.agreed_by_id}
                assert two == {person.id for person in self.people[:2]}
            else:
                vote = SignOff.get_by_id(version.sign_off_id)
                assert (vote.outcome, vote.sha256) == ("passed", version.sha256)
        now = self.now
        if now.is_open_for_drafting:
            self.fixed = None
            return
        text = [(row.id, row.version, row.position, Words.of(row), row.removed_at) for row in self.rows]
        told = (now.version, now.title, now.language, text)
        self.fixed = self.fixed or told
        assert self.fixed == told

    def no_state_is_impossible(self):
        now = self.now
        assert now.is_frozen == now.versions.exists()
        assert now.is_frozen or now.reopened_at is None
        if now.is_fixed:
            assert not Suggestion.select().where(Suggestion.letter == now.id, Suggestion.state == "open").exists()


@pytest.mark.hypothesis
@pytest.mark.usefixtures("app")
def test_whatever_people_do_to_a_letter(app):
    with app.test_request_context():
        run_state_machine_as_test(
            Checked,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
