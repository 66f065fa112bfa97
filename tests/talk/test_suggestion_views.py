"""Suggestions through the front door."""

import pytest

from portal import clock
from portal.letters.blocks import Words, save_block
from portal.letters.models import Block, Letter
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Suggestion
from tests.counting import count_sql
from tests.talk.conftest import at, part


@pytest.fixture
def member(sign_in, cast):
    return sign_in(cast.cerys)


@pytest.fixture
def writer(sign_in, dee):
    return sign_in(dee)


def suggest(letter, cast, text="Write to us by Friday.", by=None):
    return suggestions.suggest_words(
        part(letter, "closing"), Words(text), seen=1, why="It names a day", by=by or cast.cerys
    )


def one(letter, made, path=""):
    return at(letter, f"/suggestions/{made.id}{path}")


class TestMaking:
    def test_a_member_suggests_other_words(self, letter, member):
        block = part(letter)
        where = at(letter, f"/blocks/{block.id}/suggestions/new")
        assert "Survey every reported home" in member.get(where).text
        sent = {"text": "Survey all homes", "by_on": "9/12/2026", "test": "In writing", "why": "All", "seen": 1}
        answer = member.send(where, sent)
        made = Suggestion.get()
        assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/suggestions/{made.id}")
        assert (made.text, made.by_on.isoformat(), made.based_on) == ("Survey all homes", "2026-12-09", 1)
        page = member.get(answer.headers["Location"]).text
        assert "<ins>" in page and "<del>" in page and "Take it back" in page and "Take it in other words" not in page
        assert Block.get_by_id(block.id).text == "Survey every reported home"

    def test_without_a_reason_everything_typed_stays(self, letter, member):
        where = at(letter, f"/blocks/{part(letter).id}/suggestions/new")
        page = member.send(where, {"text": "Kept words", "by_on": "soon", "seen": 1})
        assert page.status_code == 422
        assert "Kept words" in page.text and 'value="soon"' in page.text and "Say in one line why" in page.text

    def test_the_words_that_stand_there_are_answered_in_words(self, letter, member):
        where = at(letter, f"/blocks/{part(letter, 'closing').id}/suggestions/new")
        page = member.send(where, {"text": "We expect your answer in writing.", "why": "x", "seen": 1})
        assert page.status_code == 422 and "Change something first" in page.text

    def test_a_new_part_after_another(self, letter, member):
        after = part(letter, "greeting")
        where = at(letter, f"/suggestions/new?kind=fact&after={after.id}")
        assert f'selected value="{after.id}"' in member.get(where).text
        usual = member.get(at(letter, "/suggestions/new?kind=harm")).text
        assert f'selected value="{part(letter, "fact").id}"' in usual
        sent = {"text": "The lift failed.", "source": "Our log", "after": after.id, "why": "New"}
        assert member.send(where, sent).status_code == 303
        made = Suggestion.get()
        assert (made.kind, made.block, made.source) == ("insert", after, "Our log")
        assert member.send(where, {"text": "", "after": after.id}).status_code == 422
        assert member.send(where, {"text": "x", "after": "99999", "why": "x"}).status_code == 422
        assert member.get(at(letter, "/suggestions/new?kind=threat")).status_code == 404

    def test_leaving_out(self, letter, member):
        where = at(letter, f"/blocks/{part(letter, 'question').id}/suggestions/leave-out")
        assert "When was the roof last inspected?" in member.get(where).text
        assert member.send(where, {"seen": 1}).status_code == 422
        assert member.send(where, {"seen": 1, "why": "We know"}).status_code == 303
        assert Suggestion.get().kind == "remove"

    def test_from_a_remark(self, letter, member, cast):
        remark = comments.say(letter, part(letter, "closing"), "Which day?", by=cast.ben)
        where = at(letter, f"/blocks/{part(letter, 'closing').id}/suggestions/new?remark={remark.id}")
        assert "Which day?" in member.get(where).text
        member.send(where, {"text": "By Friday.", "why": "x", "seen": 1})
        assert Suggestion.get().comments.get() == remark
        assert "It became a suggestion" in member.get(at(letter, "/comments")).text

    def test_a_frozen_letter_takes_no_more(self, letter, member):
        Letter.update(frozen_at=clock.now()).where(Letter.id == letter.id).execute()
        where = at(letter, f"/blocks/{part(letter, 'closing').id}/suggestions/new")
        assert member.get(where).headers["Location"].endswith(f"/letters/{letter.id}")
        page = member.send(where, {"text": "Kept words", "why": "x", "seen": 1})
        assert page.status_code == 422 and "Kept words" in page.text and "frozen" in page.text
        assert "so nothing more can be suggested" in member.get(at(letter, "/suggestions")).text

    @pytest.mark.parametrize("path", ["/suggestions/new", "/suggestions/leave-out"])
    def test_the_organizer_may_not_and_strangers_know_nothing(self, letter, cast, sign_in, path):
        where = at(letter, f"/blocks/{part(letter).id}{path}")
        assert sign_in(cast.ola).send(where, {"why": "x"}).status_code == 403
        assert sign_in(cast.nia).send(where, {"why": "x"}).status_code == 404
        assert Suggestion.select().count() == 0


class TestDeciding:
    def test_taken_from_its_page(self, letter, cast, writer):
        made = suggest(letter, cast)
        assert "Take it" in writer.get(one(letter, made)).text
        answer = writer.send(one(letter, made, "/acceptance"))
        assert answer.status_code == 303 and f"#block_{made.block_id}" in answer.headers["Location"]
        page = writer.get(answer.headers["Location"]).text
        assert "Write to us by Friday." in page and "The author is told" in page

    def test_somebody_else_first_is_409_with_how_it_ended(self, letter, cast, writer):
        made = suggest(letter, cast)
        writer.send(one(letter, made, "/acceptance"))
        for path, sent in (("/acceptance", {}), ("/refusal", {"answer": "No"}), ("/merging", {"text": "x", "seen": 2})):
            page = writer.send(one(letter, made, path), sent)
            assert page.status_code == 409 and "Somebody decided on this" in page.text
        assert Letter.get_by_id(letter.id).version == 2

    def test_a_part_that_changed_since_is_409_and_leads_on(self, letter, cast, writer):
        made = suggest(letter, cast)
        save_block(part(letter, "closing"), Words("Newer"), seen=1, by=cast.ben)
        page = writer.send(one(letter, made, "/acceptance"))
        assert page.status_code == 409 and "the part has changed since" in page.text
        assert "Bring it up to date" in page.text and part(letter, "closing").text == "Newer"

    def test_refused_with_a_reason_only(self, letter, cast, writer):
        made = suggest(letter, cast)
        page = writer.send(one(letter, made, "/refusal"), {"answer": " "})
        assert page.status_code == 422 and "Say why not" in page.text
        assert writer.send(one(letter, made, "/refusal"), {"answer": "Too soon"}).status_code == 303
        assert "Too soon" in writer.get(one(letter, made)).text

    def test_taken_in_other_words(self, letter, cast, writer):
        made = suggest(letter, cast)
        assert "Write to us by Friday." in writer.get(one(letter, made, "/merging")).text
        page = writer.send(one(letter, made, "/merging"), {"text": "", "answer": "Shorter", "seen": 1})
        assert page.status_code == 422 and 'value="Shorter"' in page.text
        assert writer.send(one(letter, made, "/merging"), {"text": "By Friday.", "seen": 1}).status_code == 303
        assert part(letter, "closing").text == "By Friday."

    def test_a_save_in_between_keeps_the_other_words_in_the_form(self, letter, cast, writer):
        made = suggest(letter, cast)
        save_block(part(letter, "closing"), Words("Newer words"), seen=1, by=cast.ben)
        page = writer.send(one(letter, made, "/merging"), {"text": "By my Friday.", "seen": 1})
        assert page.status_code == 409
        assert (
            "By my Friday." in page.text and "Newer" in page.text and 'name="seen" type="hidden" value="2"' in page.text
        )
        assert writer.send(one(letter, made, "/merging"), {"text": "By my Friday.", "seen": 2}).status_code == 303

    @pytest.mark.parametrize("path", ["/acceptance", "/merging", "/refusal"])
    def test_members_do_not_decide(self, letter, cast, member, sign_in, path):
        made = suggest(letter, cast, by=cast.ben)
        sent = {"text": "x", "answer": "x", "seen": 1}
        assert member.send(one(letter, made, path), sent).status_code == 403
        assert sign_in(cast.nia).send(one(letter, made, path), sent).status_code == 404
        assert Suggestion.get().is_open


class TestTheAuthor:
    def test_takes_it_back(self, letter, cast, member, writer):
        made = suggest(letter, cast)
        assert writer.send(one(letter, made, "/withdrawal")).status_code == 403
        assert member.send(one(letter, made, "/withdrawal")).status_code == 303
        assert "taken back" in member.get(one(letter, made)).text
        assert member.send(one(letter, made, "/withdrawal")).status_code == 409

    def test_brings_it_up_to_date(self, letter, cast, member, sign_in):
        made = suggest(letter, cast)
        save_block(part(letter, "closing"), Words("We expect your answer on paper."), seen=1, by=cast.ben)
        page = member.get(one(letter, made, "/update")).text
        assert "Saved since then" in page and "on paper" in page.replace("</ins>", "") and "by Friday" in page
        old = member.send(one(letter, made, "/update"), {"text": "On paper by Friday.", "seen": 1})
        assert old.status_code == 409 and "On paper by Friday." in old.text
        assert member.send(one(letter, made, "/update"), {"text": "", "seen": 2}).status_code == 422
        assert member.send(one(letter, made, "/update"), {"text": "On paper by Friday.", "seen": 2}).status_code == 303
        assert not Suggestion.get().is_stale and "waits for a decision" in member.get(one(letter, made)).text

    def test_nobody_else_brings_it_up_to_date(self, letter, cast, member, sign_in):
        made = suggest(letter, cast, by=cast.ben)
        assert member.send(one(letter, made, "/update"), {"text": "x", "seen": 1}).status_code == 403
        assert sign_in(cast.nia).send(one(letter, made, "/update"), {"text": "x"}).status_code == 404

    def test_finds_what_became_of_each(self, letter, cast, member, writer):
        writer.send(one(letter, suggest(letter, cast), "/refusal"), {"answer": "Too soon"})
        suggest(letter, cast, "By Ben", by=cast.ben)
        page = member.get(at(letter, "/suggestions?whose=mine")).text
        assert "Too soon" in page and "By Ben" not in page


class TestTheList:
    def test_open_ones_first_and_paged_by_key_in_five_statements(self, letter, cast, member):
        made = [suggest(letter, cast, f"Write to us by day {number}.") for number in range(24)]
        suggestions.withdraw(made[23], by=cast.cerys)
        with count_sql() as seen:
            page = member.get(at(letter, "/suggestions")).text
        assert len(seen) <= 5
        assert "day 22" in page and "day 23" not in page and "day 3.</ins>" not in page
        older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        rest = member.get(older).text
        ids = [made[number].id for number in (2, 1, 0, 23)]
        places = [rest.index(f'id="suggestion_{number}"') for number in ids]
        assert places == sorted(places)

    def test_each_page_takes_five_statements(self, letter, cast, writer):
        made = suggest(letter, cast)
        block = part(letter, "closing")
        for path in (
            f"/suggestions/{made.id}",
            f"/suggestions/{made.id}/merging",
            f"/suggestions/{made.id}/refusal",
            f"/suggestions/{made.id}/update",
            f"/blocks/{block.id}/suggestions/new",
            f"/blocks/{block.id}/suggestions/leave-out",
            "/suggestions/new?kind=fact",
        ):
            with count_sql() as seen:
                assert writer.get(at(letter, path)).status_code == 200
            assert len(seen) <= 5, path

    def test_an_empty_list_says_what_it_is_for(self, letter, member):
        assert "Nothing suggested yet" in member.get(at(letter, "/suggestions")).text

    def test_a_suggestion_of_another_letter_is_not_here(self, letter, cast, member):
        assert member.get(at(letter, "/suggestions/987654")).status_code == 404
