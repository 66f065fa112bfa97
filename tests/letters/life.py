"""Everything that people can do to the words of a letter, as rules in any order."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from portal import clock
from portal.errors import RuleBroken
from portal.evidence import operations as evidence
from portal.letters import blocks
from portal.letters.blocks import Clash, Words
from portal.letters.editions import restoring
from portal.letters.finding import find_letter
from portal.letters.models import BLOCK_KINDS, Block, BlockRevision
from portal.letters.operations import change_heading, keep_letter, keep_revision
from portal.letters.resting import items_to_choose, rest_on
from portal.letters.saving import waiting_texts, words_at
from tests.builders import add_member, build_campaign, build_item, build_letter, build_person
from tests.conftest import NOON

SOME = st.integers(0, 7)
WHO = st.integers(0, 3)
LEADS = st.integers(0, 1)


def pick(rows, at):
    rows = list(rows)
    return rows[at % len(rows)] if rows else None


class Writing(RuleBasedStateMachine):
    """Two leads, a letter writer and a member. Each save has a word that nobody wrote before."""

    @initialize()
    def begin(self):
        self.people = [build_person() for _ in range(4)]
        amina, ben, dee, cerys = self.people
        campaign = build_campaign(leads=[amina, ben], members=[cerys], floors=2, homes_per_floor=5)
        add_member(campaign, dee, "drafter")
        self.letter = build_letter(campaign)
        for block in self.letter.blocks:
            keep_revision(block, by=amina, change="began")
        keep_letter(self.letter, by=amina, change="began")
        self.item = build_item(campaign, home_count=3)
        self.at, self.count, self.saved = NOON, 0, []

    # ---- the ways of doing something ----

    def attempt(self, act):
        """Do it, be told no, or have words kept beside those that stand."""
        self.at += timedelta(minutes=1)
        with clock.frozen_at(self.at):
            try:
                return act(find_letter(self.letter.campaign, self.letter.id))
            except (RuleBroken, Clash) as stopped:
                return stopped

    def part(self, letter, at):
        block = pick(Block.select().where(Block.letter == letter.id).order_by(Block.id), at)
        block.letter = letter
        return block

    def new_words(self, base, at):
        """The same with one word that is new."""
        self.count += 1
        told = base.text.split(" ")
        told[at % len(told)] = f"w{self.count}"
        return Words(" ".join(told), base.test, base.by_on, base.source)

    def keep(self, block, words, act):
        """A save: afterwards the words stand in the part, or wait beside it."""
        try:
            change = act()
        except Clash as clash:
            assert any(row.text == words.text for row in waiting_texts(clash.block))
            self.saved.append((block.id, words.text))
            raise
        self.saved.append((block.id, words.text))
        assert any(f"w{self.count}" in one.text for one in [Block.get_by_id(block.id)])
        return change

    # ---- the words ----

    @rule(kind=st.sampled_from(BLOCK_KINDS), at=SOME, who=WHO)
    def add(self, kind, at, who):
        def act(letter):
            self.count += 1
            words, after = Words(f"one two w{self.count} three"), self.part(letter, at)
            change = blocks.add_block(letter, kind, words, by=self.people[who], after=after.id if at else 0)
            self.saved.append((change.block.id, words.text))

        self.attempt(act)

    @rule(at=SOME, back=st.integers(0, 2), word=SOME, who=WHO)
    def save(self, at, back, word, who):
        def act(letter):
            block = self.part(letter, at)
            seen = max(1, block.version - back)
            words = self.new_words(words_at(block, seen), word).fit(block.kind)
            self.keep(block, words, lambda: blocks.save_block(block, words, seen=seen, by=self.people[who]))

        self.attempt(act)

    @rule(at=SOME, who=WHO)
    def two_change_the_same_word(self, at, who):
        for _each in range(2):
            self.save_over(at, who)

    def save_over(self, at, who):
        def act(letter):
            block = self.part(letter, at)
            seen = max(1, block.version - 1)
            words = self.new_words(words_at(block, seen), 0).fit(block.kind)
            self.keep(block, words, lambda: blocks.save_block(block, words, seen=seen, by=self.people[who]))

        self.attempt(act)

    @rule(at=SOME, choice=st.sampled_from(["keep", "take", "third"]), old=st.booleans(), who=WHO)
    def settle_clash(self, at, choice, old, who):
        def act(letter):
            waits = BlockRevision.is_beside & BlockRevision.settled_at.is_null()
            beside = pick(BlockRevision.select().where(waits).order_by(BlockRevision.id), at)
            if beside is None:
                return
            block = Block.get_by_id(beside.block_id)
            block.letter = letter
            words = self.new_words(Words.of(beside), 1).fit(block.kind)
            if choice == "third":
                self.saved.append((block.id, words.text))
            seen = max(1, block.version - old)
            try:
                blocks.settle_clash(block, beside, choice=choice, seen=seen, by=self.people[who], words=words)
            except RuleBroken:
                self.saved.remove((block.id, words.text)) if choice == "third" else None
                raise

        self.attempt(act)

    @rule(at=SOME, what=st.sampled_from(["up", "down", "first", "after", "remove", "put_back"]), who=WHO, to=SOME)
    def arrange(self, at, what, who, to):
        def act(letter):
            block, by = self.part(letter, at), self.people[who]
            return {
                "up": lambda: blocks.move_block(block, -1, by=by),
                "down": lambda: blocks.move_block(block, 1, by=by),
                "first": lambda: blocks.place_block(block, after=None, by=by),
                "after": lambda: blocks.place_block(block, after=self.part(letter, to).id, by=by),
                "remove": lambda: blocks.remove_block(block, seen=block.version, by=by),
                "put_back": lambda: blocks.put_back_block(block, by=by),
            }[what]()

        self.attempt(act)

    @rule(at=SOME, who=WHO)
    def split(self, at, who):
        def act(letter):
            block = self.part(letter, at)
            first, _space, rest = block.text.partition(" ")
            words = Words(first, block.test, block.by_on, block.source)
            blocks.split_block(block, words, rest, seen=block.version, by=self.people[who])

        self.attempt(act)

    @rule(at=SOME, who=WHO)
    def join(self, at, who):
        def act(letter):
            standing = (Block.letter == letter.id) & Block.removed_at.is_null()
            rows = list(Block.select().where(standing).order_by(Block.position))
            pairs = [pair for pair in pairwise(rows) if pair[0].kind == pair[1].kind]
            if pair := pick(pairs, at):
                for one in pair:
                    one.letter = letter
                seen = {"seen": pair[0].version, "other_seen": pair[1].version}
                blocks.join_block(*pair, **seen, by=self.people[who])

        self.attempt(act)

    @rule(formal=st.booleans(), new=st.booleans(), who=WHO)
    def heading(self, formal, new, who):
        def act(letter):
            self.count += 1
            told = {"language": "en", "is_formal_complaint": formal, "seen_title": letter.title}
            title = f"Title {self.count}" if new else letter.title
            change_heading(letter, title=title, by=self.people[who], **told)

        self.attempt(act)

    @rule(at=SOME, put=st.booleans(), who=WHO)
    def rest_on_what_was_counted(self, at, put, who):
        def act(letter):
            block = pick(letter.blocks.where(Block.kind == "fact").order_by(Block.id), at)
            block.letter = letter
            had = items_to_choose(block)[1]
            chosen = [] if had and not put else [self.item.id]
            rest_on(block, chosen, had=had, put_count=put, seen=block.version, by=self.people[who])

        self.attempt(act)

    @rule(homes=st.integers(1, 10), how=st.sampled_from(["count", "count", "withdraw", "back"]))
    def what_was_counted_changes(self, homes, how):
        def act(_letter):
            item, by = type(self.item).get_by_id(self.item.id), self.people[0]
            item.campaign = self.letter.campaign
            if how == "count":
                told = evidence.Particulars("reports", "Mould in bedrooms", home_count=homes)
                evidence.edit_item(item, told, seen=item.version, by=by)
            else:
                (evidence.withdraw_item if how == "withdraw" else evidence.bring_back_item)(item, by=by)

        self.attempt(act)

    @rule(number=st.integers(1, 30), who=WHO)
    def restore_the_letter(self, number, who):
        def act(letter):
            restoring.restore_letter(letter, 1 + number % letter.version, seen=letter.version, by=self.people[who])

        self.attempt(act)

    @rule(at=SOME, nth=SOME, who=WHO)
    def restore_a_part(self, at, nth, who):
        def act(letter):
            block = self.part(letter, at)
            row = pick(BlockRevision.select().where(BlockRevision.block == block.id).order_by(BlockRevision.id), nth)
            blocks.save_block(block, Words.of(row), seen=block.version, by=self.people[who])

        self.attempt(act)
