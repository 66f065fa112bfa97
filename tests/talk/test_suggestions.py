"""Suggesting, deciding, and what happens when the part has moved on."""

from datetime import date

import pytest

from portal.errors import RuleBroken
from portal.letters.blocks import Words, move_block, remove_block, save_block
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, BlockRevision, Letter
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import CoAuthor, Comment, Suggestion
from portal.letters.talk.queries import suggestion_of
from tests.builders import ask_circle, freeze_by_vote
from tests.talk.conftest import part

pytestmark = pytest.mark.usefixtures("in_a_request")


def suggest(letter, cast, text="Write to us by Friday.", kind="closing", **given):
    made = suggestions.suggest_words(
        part(letter, kind), Words(text, **given), seen=1, why="It names a day", by=cast.cerys
    )
    return suggestion_of(letter, made.id)


def shown(letter):
    rows = Block.select().where(Block.letter == letter.id, Block.removed_at.is_null())
    return [row.text for row in rows.order_by(Block.position, Block.id)]


def authors(letter):
    return {(row.person_id, row.how) for row in CoAuthor.select().where(CoAuthor.letter == letter.id)}


class TestTaking:
    def test_the_words_go_in_as_a_save_that_says_what_it_was_and_why(self, letter, cast):
        suggestions.accept(suggest(letter, cast), by=cast.amina)
        assert part(letter, "closing").text == "Write to us by Friday."
        kept = BlockRevision.select().order_by(BlockRevision.id.desc()).first()
        assert (kept.change, kept.why, kept.saved_by) == ("suggested", "It names a day", cast.amina)
        whole = LetterRevision.get(LetterRevision.letter == letter.id, LetterRevision.number == 2)
        assert (whole.change, whole.why) == ("suggested", "It names a day")

    def test_a_demand_takes_its_day_and_its_test_along(self, letter, cast):
        suggestions.accept(
            suggest(letter, cast, "Survey all", "demand", test="In writing", by_on=date(2026, 12, 9)), by=cast.amina
        )
        now = part(letter)
        assert (now.text, now.test, now.by_on) == ("Survey all", "In writing", date(2026, 12, 9))

    def test_the_author_is_named_and_told_once(self, letter, cast, outbox):
        suggestions.accept(suggest(letter, cast), by=cast.amina)
        assert (cast.cerys.id, "suggested") in authors(letter)
        [mail] = outbox("cerys@example.org")
        assert "Amina took your suggestion" in mail.text and "named among those who wrote" in mail.text
        assert "because you suggested it" in mail.text and "/suggestions/" in mail.link()

    def test_whoever_takes_their_own_gets_no_mail(self, letter, cast, outbox):
        made = suggestions.suggest_words(part(letter, "closing"), Words("Mine"), seen=1, why="x", by=cast.amina)
        suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert outbox() == []

    def test_who_left_the_circle_hears_nothing(self, letter, cast, outbox):
        made = suggest(letter, cast)
        from portal import clock
        from portal.campaigns.models import Membership

        Membership.update(left_at=clock.now()).where(Membership.person == cast.cerys.id).execute()
        letter.campaign.__dict__.pop("_parts", None)
        suggestions.accept(made, by=cast.amina)
        assert outbox() == []

    def test_two_leads_who_press_at_once_take_it_once(self, letter, cast):
        first, second = suggest(letter, cast), None
        second = suggestion_of(letter, first.id)
        suggestions.accept(first, by=cast.amina)
        with pytest.raises(suggestions.Decided):
            suggestions.accept(second, by=cast.ben)
        with pytest.raises(suggestions.Decided):
            suggestions.refuse(second, "No", by=cast.ben)
        assert Letter.get_by_id(letter.id).version == 2
        assert Suggestion.get_by_id(first.id).decided_by == cast.amina

    def test_a_new_part_goes_where_it_was_suggested(self, letter, cast):
        for after in (part(letter, "greeting"), None):
            made = suggestions.suggest_part(letter, "harm", Words("We cough."), after=after, why="x", by=cast.cerys)
            suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert shown(letter)[:3] == ["We cough.", "Dear Philippa Stroud,", "We cough."]

    def test_a_part_is_left_out(self, letter, cast):
        made = suggestions.suggest_removal(part(letter, "question"), seen=1, why="We know", by=cast.cerys)
        suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert "When was the roof last inspected?" not in shown(letter)
        assert LetterRevision.get(LetterRevision.number == 2).change == "suggested"

    def test_taken_in_other_words(self, letter, cast, outbox):
        made = suggest(letter, cast)
        suggestions.merge(made, Words("By Friday, then."), seen=1, answer="Shorter", by=cast.amina)
        assert part(letter, "closing").text == "By Friday, then."
        assert Suggestion.get_by_id(made.id).state == "merged"
        assert "changed it a little" in outbox("cerys@example.org")[0].text
        assert "Shorter" in outbox("cerys@example.org")[0].text

    def test_it_ends_the_vote_on_the_old_words(self, letter, cast):
        made = suggest(letter, cast)
        ask_circle(letter, cast.amina)
        assert suggestions.accept(made, by=cast.ben).stopped_vote


class TestRefusing:
    def test_the_author_reads_why(self, letter, cast, outbox):
        made = suggest(letter, cast)
        suggestions.refuse(made, "We said fourteen days", by=cast.amina)
        assert part(letter, "closing").text == "We expect your answer in writing."
        assert "We said fourteen days" in outbox("cerys@example.org")[0].text
        assert not any(who == cast.cerys.id for who, _how in authors(letter))

    def test_it_needs_a_reason(self, letter, cast):
        with pytest.raises(RuleBroken):
            suggestions.refuse(suggest(letter, cast), "  ", by=cast.amina)

    def test_only_the_author_takes_it_back(self, letter, cast):
        made = suggest(letter, cast)
        with pytest.raises(RuleBroken):
            suggestions.withdraw(made, by=cast.amina)
        suggestions.withdraw(made, by=cast.cerys)
        assert Suggestion.get_by_id(made.id).state == "withdrawn"

    def test_freezing_closes_what_waits_in_words(self, letter, cast, outbox):
        made = suggest(letter, cast)
        freeze_by_vote(letter, cast.amina, cast.ben, cast.cerys)
        now = Suggestion.get_by_id(made.id)
        assert now.state == "refused" and "frozen" in now.answer and now.decided_by is None
        assert "frozen before anybody decided" in outbox("cerys@example.org")[-1].text
        assert Letter.get_by_id(letter.id).talk_count == 0
        with pytest.raises(RuleBroken):
            suggest(letter, cast)


class TestStale:
    @pytest.fixture
    def stale(self, letter, cast):
        made = suggest(letter, cast)
        save_block(part(letter, "closing"), Words("Answer us in writing, all of you."), seen=1, by=cast.ben)
        return suggestion_of(letter, made.id)

    def test_a_part_that_moved_on_marks_it(self, letter, cast, stale):
        assert stale.is_stale

    def test_taking_it_never_overwrites_unseen(self, letter, cast, stale):
        before = BlockRevision.select().count()
        with pytest.raises(suggestions.Stale):
            suggestions.accept(stale, by=cast.amina)
        assert part(letter, "closing").text == "Answer us in writing, all of you."
        assert Suggestion.get_by_id(stale.id).is_open and BlockRevision.select().count() == before
        assert part(letter, "closing").suggestion_count == 1

    def test_brought_up_to_date_it_can_be_taken(self, letter, cast, stale):
        suggestions.rebase(stale, Words("Answer us by Friday, all of you."), seen=2, by=cast.cerys)
        now = suggestion_of(letter, stale.id)
        assert not now.is_stale and now.old_text == "Answer us in writing, all of you."
        suggestions.accept(now, by=cast.amina)
        assert part(letter, "closing").text == "Answer us by Friday, all of you."

    def test_bringing_up_to_date_names_what_was_read(self, letter, cast, stale):
        with pytest.raises(suggestions.Stale):
            suggestions.rebase(stale, Words("x"), seen=1, by=cast.cerys)

    def test_other_words_over_an_old_reading_are_not_saved(self, letter, cast, stale):
        with pytest.raises(suggestions.Stale):
            suggestions.merge(stale, Words("x"), seen=1, answer="", by=cast.amina)
        assert Suggestion.get_by_id(stale.id).is_open

    def test_a_part_that_was_removed_keeps_its_suggestion_open(self, letter, cast):
        made = suggest(letter, cast)
        remove_block(part(letter, "closing"), seen=1, by=cast.ben)
        now = suggestion_of(letter, made.id)
        assert now.is_stale
        with pytest.raises(suggestions.Stale):
            suggestions.accept(now, by=cast.amina)

    def test_leaving_out_a_part_that_changed_waits(self, letter, cast):
        made = suggestions.suggest_removal(part(letter, "closing"), seen=1, why="x", by=cast.cerys)
        save_block(part(letter, "closing"), Words("Better now"), seen=1, by=cast.ben)
        with pytest.raises(suggestions.Stale):
            suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert "Better now" in shown(letter)

    def test_moving_a_part_leaves_it_as_it_was(self, letter, cast):
        made = suggest(letter, cast)
        move_block(part(letter, "closing"), -1, by=cast.ben)
        suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert part(letter, "closing").text == "Write to us by Friday."


class TestMaking:
    def test_the_same_words_are_no_suggestion(self, letter, cast):
        with pytest.raises(RuleBroken):
            suggest(letter, cast, "We expect your answer in writing.")

    def test_one_that_names_an_old_version_is_kept_and_stale(self, letter, cast):
        save_block(part(letter, "closing"), Words("Newer"), seen=1, by=cast.ben)
        made = suggest(letter, cast)
        assert made.is_stale and made.old_text == "We expect your answer in writing."

    def test_a_remark_grows_into_it_and_its_author_is_named_too(self, letter, cast, outbox):
        remark = comments.say(letter, part(letter, "closing"), "Which day?", by=cast.ben)
        made = suggestions.suggest_words(
            part(letter, "closing"), Words("By Friday."), seen=1, why="x", by=cast.cerys, remark=remark
        )
        now = Comment.get_by_id(remark.id)
        assert now.suggestion == made and now.settled_at is not None
        suggestions.accept(suggestion_of(letter, made.id), by=cast.amina)
        assert {(cast.ben.id, "suggested"), (cast.cerys.id, "suggested")} <= authors(letter)
        assert "A remark of yours became a suggestion" in outbox("ben@example.org")[0].text
