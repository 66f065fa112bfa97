"""Everything that people can do to a letter until it is frozen, and after, as rules in any order."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from portal import clock
from portal.errors import RuleBroken
from portal.evidence import operations as evidence
from portal.letters import blocks, freezing
from portal.letters.blocks import Clash, Words
from portal.letters.editions import later, restoring, withdrawing
from portal.letters.finding import find_letter
from portal.letters.models import BLOCK_KINDS, Block, BlockRevision, LetterVersion
from portal.letters.operations import change_heading, keep_letter, keep_revision
from portal.letters.resting import linked_ids, rest_on
from portal.letters.saving import waiting_texts, words_at
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.talk.queries import suggestion_of
from portal.letters.votes import closing, opening, telling, voting
from portal.letters.wording import sha256_now
from tests.builders import add_member, build_campaign, build_item, build_letter, build_person
from tests.conftest import NOON

SOME = st.integers(0, 7)
WHO = st.integers(0, 3)
LEADS = st.integers(0, 1)
CHOICES = st.sampled_from(["agree", "agree", "worry", "not_yet"])


def pick(rows, at):
    rows = list(rows)
    return rows[at % len(rows)] if rows else None


class Life(RuleBasedStateMachine):
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
            had = linked_ids(block)
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

    # ---- the talk ----

    @rule(at=SOME, kind=st.sampled_from(["words", "words", "part", "removal"]), grows=st.booleans(), who=WHO)
    def suggest(self, at, kind, grows, who):
        def act(letter):
            block = self.part(letter, at)
            told = {"why": "x", "by": self.people[who]}
            if grows:
                told["remark"] = pick(Comment.select().where(Comment.letter == letter.id).order_by(Comment.id), at)
            words = self.new_words(Words.of(block), at)
            if kind == "words":
                suggestions.suggest_words(block, words, seen=block.version, **told)
            elif kind == "part":
                suggestions.suggest_part(letter, "fact", words, after=block if at else None, **told)
            else:
                suggestions.suggest_removal(block, seen=block.version, **told)

        self.attempt(act)

    @rule(
        at=SOME,
        what=st.sampled_from(["accept", "accept", "merge", "refuse", "withdraw", "rebase"]),
        who=st.integers(0, 2),
    )
    def decide(self, at, what, who):
        def act(letter):
            row = pick(Suggestion.select().where(Suggestion.letter == letter.id).order_by(Suggestion.id.desc()), at)
            if row is None:
                return
            one, by = suggestion_of(letter, row.id), self.people[who]
            seen = one.block.version if one.block else 0
            words = self.new_words(Words.of(one), at)
            if what == "accept":
                suggestions.accept(one, by=by)
            elif what == "merge" and one.kind != "remove":
                suggestions.merge(one, words, seen=seen, answer="", by=by)
            elif what == "refuse":
                suggestions.refuse(one, "No", by=by)
            elif what == "withdraw":
                suggestions.withdraw(one, by=one.by)
            elif what == "rebase" and one.kind == "replace":
                suggestions.rebase(one, words, seen=seen, by=one.by)

        self.attempt(act)

    @rule(at=SOME, what=st.sampled_from(["say", "say_letter", "answer", "settle", "reopen", "take_back"]), who=WHO)
    def remark(self, at, what, who):
        def act(letter):
            by, block = self.people[who], self.part(letter, at)
            said = pick(Comment.select().where(Comment.letter == letter.id).order_by(Comment.id.desc()), at)
            if what in ("say", "say_letter"):
                comments.say(letter, block if what == "say" else None, "x", by=by)
            elif said is not None:
                first = Comment.get_by_id(said.thread_id or said.id)
                said.letter = first.letter = letter
                if what == "answer":
                    comments.answer(first, "x", by=by)
                elif what == "take_back":
                    comments.take_back(said, by=said.by)
                else:
                    getattr(comments, what)(first, by=by)

        self.attempt(act)

    # ---- the vote and what comes after ----

    @rule(hours=st.integers(1, 90), who=LEADS)
    def open_vote(self, hours, who):
        def act(letter):
            until = self.at + timedelta(hours=hours)
            opening.open_vote(letter, seen=letter.version, closes_at=until, by=self.people[who])

        self.attempt(act)

    @rule(who=WHO, choice=CHOICES)
    def vote(self, who, choice):
        def act(letter):
            return letter.vote and voting.cast_vote(letter.vote, choice=choice, reason="x", by=self.people[who])

        self.attempt(act)

    @rule(hours=st.integers(1, 90))
    def wait(self, hours):
        self.at += timedelta(hours=hours)
        with clock.frozen_at(self.at):
            telling.nudge_before_the_end()
            closing.close_due()

    @rule(choice=CHOICES, freeze=st.booleans())
    def all_vote(self, choice, freeze):
        def act(letter):
            until = self.at + timedelta(hours=5)
            vote = opening.open_vote(letter, seen=letter.version, closes_at=until, by=self.people[0])
            vote.letter = letter
            for person in self.people:
                voting.cast_vote(vote, choice=choice, reason="x", by=person)
            closing.close_early(vote, by=self.people[0])
            if freeze:
                freezing.freeze(letter, by=self.people[0])

        self.attempt(act)

    @rule(who=LEADS, what=st.sampled_from(["close", "stop"]))
    def end_vote(self, who, what):
        def act(letter):
            if letter.vote and what == "close":
                closing.close_early(letter.vote, by=self.people[who])
            elif letter.vote:
                closing.stop(letter.vote, why="x", by=self.people[who])

        self.attempt(act)

    @rule(who=LEADS)
    def freeze(self, who):
        self.attempt(lambda letter: freezing.freeze(letter, by=self.people[who]))

    @rule(who=LEADS)
    def reopen(self, who):
        self.attempt(lambda letter: later.reopen(letter, by=self.people[who], why="x"))

    @rule(who=LEADS)
    def keep_frozen(self, who):
        def act(letter):
            later.keep_frozen(letter, by=self.people[who])
            version = letter.versions.order_by(LetterVersion.number.desc()).get()
            assert sha256_now(find_letter(letter.campaign, letter.id)) == version.sha256

        self.attempt(act)

    @rule(ask=st.booleans(), who=LEADS)
    def mend_a_typo(self, ask, who):
        def act(letter):
            if ask:
                later.ask_typo(letter, seen=letter.version, note="x", by=self.people[who])
            else:
                later.agree_typo(letter, by=self.people[who])

        self.attempt(act)

    @precondition(lambda self: self.count > 15)
    @rule()
    def withdraw(self):
        self.attempt(lambda letter: withdrawing.withdraw_letter(letter, why="x", by=self.people[0]))
