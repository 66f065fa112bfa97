"""What people say about a letter, how they vote on it, and what comes after, as rules in any order."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal import clock
from portal.letters import freezing
from portal.letters.blocks import Words
from portal.letters.editions import later, withdrawing
from portal.letters.finding import find_letter
from portal.letters.models import LetterVersion
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.talk.queries import suggestion_of
from portal.letters.votes import closing, opening, telling, voting
from portal.letters.wording import sha256_now
from tests.letters.life import LEADS, SOME, WHO, Writing, pick

CHOICES = st.sampled_from(["agree", "agree", "worry", "not_yet"])


class Life(Writing):
    """Writing, and all that leads to a frozen text and beyond."""

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
