"""Writing the parts of a letter, and freezing, through the front door."""

from datetime import timedelta

import pytest

from portal import clock
from portal.letters.models import Block, BlockRevision
from portal.letters.votes.models import SignOff
from portal.letters.votes.opening import open_vote
from tests.builders import build_campaign, build_letter


@pytest.fixture
def letter(cast):
    campaign = build_campaign(
        leads=[cast.amina, cast.ben], members=[cast.cerys], floors=2, homes_per_floor=2, visibility="public"
    )
    return build_letter(campaign)


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def browser(request, sign_in, cast):
    return sign_in(cast.amina, htmx=request.param)


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


def part(letter, kind="demand"):
    return Block.select().where(Block.letter == letter.id, Block.kind == kind).order_by(Block.position).first()


def succeeded(answer):
    return answer.status_code == (200 if answer.request.headers.get("HX-Request") else 303)


class TestChanging:
    def test_a_demand_is_changed_with_its_day_and_test(self, letter, browser):
        block = part(letter)
        sent = {"text": "Survey all homes", "by_on": "07/12/2026", "test": "We have the reports", "seen": block.version}
        answer = browser.send(at(letter, f"/blocks/{block.id}"), sent)
        assert succeeded(answer)
        now = Block.get_by_id(block.id)
        assert (now.text, now.by_on.isoformat(), now.test) == ("Survey all homes", "2026-12-07", "We have the reports")
        if browser.htmx:
            assert "<html" not in answer.text
            assert f'id="block_{block.id}"' in answer.text and "Survey all homes" in answer.text
            # The next step and the checks come with the next look: see tests/desk/test_live.py.
            assert answer.text.count("<article") == 1 and 'data-mark="2-' in answer.text
        else:
            assert answer.headers["Location"].endswith(f"#block_{block.id}")

    def test_the_form_shows_what_stands_there(self, letter, browser):
        page = browser.get(at(letter, f"/blocks/{part(letter).id}"))
        assert "Survey every reported home" in page.text and 'value="2026-12-07"' in page.text
        assert ("<html" in page.text) != browser.htmx

    def test_bad_input_keeps_what_was_typed_and_says_why(self, letter, browser):
        block = part(letter)
        sent = {"text": "Kept words", "by_on": "soon", "test": "x" * 301, "seen": 1}
        page = browser.send(at(letter, f"/blocks/{block.id}"), sent)
        assert page.status_code == 422
        assert "Kept words" in page.text and 'value="soon"' in page.text
        assert "Enter a date like" in page.text and "300 characters or less" in page.text
        assert Block.get_by_id(block.id).version == 1

    def test_an_empty_text_is_refused(self, letter, browser):
        page = browser.send(at(letter, f"/blocks/{part(letter).id}"), {"text": "  ", "seen": 1})
        assert page.status_code == 422 and "leave this part as it was" in page.text

    def test_a_change_says_when_it_ends_the_vote(self, letter, browser, cast):
        open_vote(letter, seen=1, closes_at=clock.now() + timedelta(hours=72), by=cast.ben)
        block = part(letter, "fact")
        answer = browser.send(at(letter, f"/blocks/{block.id}"), {"text": "34 homes", "seen": 1})
        shown = answer.text if browser.htmx else browser.get(at(letter)).text
        assert "the vote on the old words has ended" in shown
        assert SignOff.get().outcome == "cancelled"


class TestAClash:
    def clash(self, letter, browser, sign_in, cast, kind="closing"):
        block = part(letter, kind)
        sign_in(cast.ben).send(at(letter, f"/blocks/{block.id}"), {"text": "Write to us by Friday.", "seen": 1})
        return block, browser.send(at(letter, f"/blocks/{block.id}"), {"text": "Write to us by Monday.", "seen": 1})

    def test_both_texts_are_shown_and_nothing_is_lost(self, letter, browser, sign_in, cast):
        block, page = self.clash(letter, browser, sign_in, cast)
        assert page.status_code == 409
        assert "Ben saved while you were writing" in page.text
        assert "Friday" in page.text and "Monday" in page.text and "<ins>" in page.text
        assert ("<html" in page.text) != browser.htmx and f'id="block_{block.id}"' in page.text
        assert Block.get_by_id(block.id).text == "Write to us by Friday."
        assert BlockRevision.get(BlockRevision.is_beside == True).text == "Write to us by Monday."  # noqa: E712

    def choose(self, letter, browser, block, **sent):
        beside = BlockRevision.get(BlockRevision.is_beside == True)  # noqa: E712
        return browser.send(at(letter, f"/blocks/{block.id}/texts/{beside.id}"), sent)

    def test_mine_can_be_taken_from_that_page(self, letter, browser, sign_in, cast):
        block, page = self.clash(letter, browser, sign_in, cast)
        form = page.text.split("Take your words")[0].rsplit("<form", 1)[1]
        fields = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("choice", "seen")}
        assert fields == {"choice": "take", "seen": "2"}
        assert succeeded(self.choose(letter, browser, block, **fields))
        now = Block.get_by_id(block.id)
        assert (now.text, now.clash_count) == ("Write to us by Monday.", 0)
        kept = {row.text for row in BlockRevision.select().where(BlockRevision.block == block.id)}
        assert kept == {"Write to us by Friday.", "Write to us by Monday."}

    def test_theirs_can_be_kept(self, letter, browser, sign_in, cast):
        block, _page = self.clash(letter, browser, sign_in, cast)
        assert succeeded(self.choose(letter, browser, block, choice="keep"))
        now = Block.get_by_id(block.id)
        assert (now.text, now.version, now.clash_count) == ("Write to us by Friday.", 2, 0)

    def test_a_third_is_written_over_the_newer_version(self, letter, browser, sign_in, cast):
        block, page = self.clash(letter, browser, sign_in, cast)
        third = page.text.split("Write a third")[1]
        assert 'name="seen" type="hidden" value="2"' in third and "Monday" in third
        assert succeeded(self.choose(letter, browser, block, text="By Tuesday, then.", seen=2))
        now = Block.get_by_id(block.id)
        assert (now.text, now.clash_count) == ("By Tuesday, then.", 0)

    def test_an_empty_third_is_refused_and_the_two_still_wait(self, letter, browser, sign_in, cast):
        block, _page = self.clash(letter, browser, sign_in, cast)
        page = self.choose(letter, browser, block, text=" ", seen=2)
        assert page.status_code == 422 and "leave this part as it was" in page.text
        assert Block.get_by_id(block.id).clash_count == 1

    def test_until_somebody_chooses_the_desk_shows_that_two_texts_wait(self, letter, browser, sign_in, cast):
        block, _page = self.clash(letter, browser, sign_in, cast)
        desk = sign_in(cast.cerys).get(at(letter)).text
        assert "Two texts for this part: Ben’s and Amina’s." in desk
        page = sign_in(cast.cerys).get(at(letter, f"/blocks/{block.id}/texts"))
        assert page.status_code == 200 and "Friday" in page.text and "Monday" in page.text
        assert "Take Amina’s words" not in page.text
        assert "Take Amina’s words" in sign_in(cast.ben).get(at(letter, f"/blocks/{block.id}/texts")).text
        self.choose(letter, browser, block, choice="keep")
        assert "Two texts" not in sign_in(cast.cerys).get(at(letter)).text

    @pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "1; --"}, {"seen": "99999999999999999999"}])
    def test_a_save_that_names_no_version_overwrites_nothing(self, letter, browser, seen):
        block = part(letter, "closing")
        assert browser.send(at(letter, f"/blocks/{block.id}"), {"text": "Mine", **seen}).status_code == 409
        assert Block.get_by_id(block.id).text == "We expect your answer in writing."

    def test_when_the_part_was_removed_it_can_be_put_back(self, letter, browser, sign_in, cast):
        block = part(letter, "closing")
        sign_in(cast.ben).send(at(letter, f"/blocks/{block.id}/removal"), {"seen": 1})
        page = browser.send(at(letter, f"/blocks/{block.id}"), {"text": "Mine", "seen": 1})
        assert page.status_code == 409 and "Ben removed it while you were writing" in page.text
        assert "Put the part back" in page.text


class TestAddingMovingRemoving:
    def test_a_part_is_added(self, letter, browser):
        page = browser.get(at(letter, "/blocks/new?kind=fact"))
        assert "What is true?" in page.text and "By which day" not in page.text
        # The form as it is drawn, with its empty hidden field.
        assert 'name="seen" type="hidden" value=""' in page.text
        sent = {"text": "The lift failed.", "source": "Our log", "seen": ""}
        answer = browser.send(at(letter, "/blocks/new?kind=fact"), sent)
        assert succeeded(answer)
        assert Block.get(Block.text == "The lift failed.").source == "Our log"

    def test_an_empty_part_is_not_added(self, letter, browser):
        page = browser.send(at(letter, "/blocks/new?kind=fact"), {"text": "", "source": "Our log"})
        assert page.status_code == 422 and 'value="Our log"' in page.text

    def test_an_unknown_kind_is_not_there(self, letter, browser):
        assert browser.get(at(letter, "/blocks/new?kind=threat")).status_code == 404

    def test_up_and_down(self, letter, browser):
        second = letter.blocks.where(Block.text == "Meet us in the community room").get()
        assert succeeded(browser.send(at(letter, f"/blocks/{second.id}/move"), {"step": "up"}))
        assert part(letter).id == second.id
        assert browser.send(at(letter, f"/blocks/{second.id}/move"), {"step": "sideways"}).status_code == 400

    def test_a_removed_part_is_listed_and_put_back(self, letter, browser, sign_in, cast):
        block = part(letter)
        assert succeeded(browser.send(at(letter, f"/blocks/{block.id}/removal"), {"seen": 1}))
        page = sign_in(cast.amina).get(at(letter)).text
        assert "One part was taken out" in page and "Put it back" in page
        assert succeeded(browser.send(at(letter, f"/blocks/{block.id}/removal/undo")))
        assert Block.get_by_id(block.id).removed_at is None

    def test_removing_a_part_that_changed_is_refused(self, letter, browser):
        block = part(letter)
        Block.update(version=2).where(Block.id == block.id).execute()
        page = browser.send(at(letter, f"/blocks/{block.id}/removal"), {"seen": 1})
        assert page.status_code == 422 and "changed this part a moment ago" in page.text


class TestHistory:
    def test_it_shows_who_said_what_and_brings_words_back(self, letter, browser, sign_in, cast):
        block = part(letter, "closing")
        sign_in(cast.ben).send(at(letter, f"/blocks/{block.id}"), {"text": "Answer by Friday.", "seen": 1})
        sign_in(cast.ben).send(
            at(letter, f"/blocks/{block.id}"), {"text": "Answer by Monday.", "seen": 2, "why": "Fridays are too late"}
        )
        page = sign_in(cast.cerys).get(at(letter, f"/blocks/{block.id}/history")).text
        assert "Ben Okafor" in page and "<del>" in page and "how it stands now" in page
        assert "Fridays are too late" in page
        assert "Bring these words back" not in page
        older = BlockRevision.get(BlockRevision.text == "Answer by Friday.")
        answer = browser.send(at(letter, f"/blocks/{block.id}/restoring"), {"revision": older.id, "seen": 3})
        assert succeeded(answer) and Block.get_by_id(block.id).text == "Answer by Friday."

    def test_a_revision_of_another_part_cannot_be_brought_in(self, letter, browser):
        other = BlockRevision.create(block=part(letter, "fact"), version=1, text="Elsewhere")
        answer = browser.send(at(letter, f"/blocks/{part(letter).id}/restoring"), {"revision": other.id, "seen": 1})
        assert answer.status_code == 404

    def test_a_long_history_is_paged(self, letter, sign_in, cast):
        block = part(letter)
        for number in range(25):
            BlockRevision.create(block=block, version=number + 1, text=f"Text {number}.", saved_by=cast.ben)
        browser = sign_in(cast.amina)
        page = browser.get(at(letter, f"/blocks/{block.id}/history")).text
        older = page.split('rel="next" href="')[1].split('"')[0]
        assert "Older" in page and browser.get(older).status_code == 200


def posts(letter):
    block = part(letter)
    return [
        ("/blocks/new?kind=fact", {"text": "x"}),
        (f"/blocks/{block.id}", {"text": "x", "seen": 1}),
        (f"/blocks/{block.id}/move", {"step": "up"}),
        (f"/blocks/{block.id}/removal", {"seen": 1}),
        (f"/blocks/{block.id}/removal/undo", {}),
        (f"/blocks/{block.id}/restoring", {"revision": revision(block).id, "seen": 1}),
        (f"/blocks/{block.id}/place", {"after": ""}),
        (f"/blocks/{block.id}/split", {"at": "7", "seen": 1}),
        (f"/blocks/{block.id}/joining", {"other": after(block).id, "seen": 1, "other_seen": 1}),
        (f"/blocks/{block.id}/texts/{waiting(block).id}", {"choice": "take", "seen": 1}),
    ]


FREEZES = [("/freeze", {}), ("/vote", {"seen": 1}), ("/vote/nudges", {})]


def revision(block):
    return BlockRevision.create(block=block, version=1, text="before")


def after(block):
    return Block.get(Block.letter == block.letter_id, Block.position == block.position + 1)


def waiting(block):
    return BlockRevision.create(block=block, version=1, text="beside", is_beside=True)


class TestWhoMay:
    def test_a_member_may_see_and_not_write(self, letter, sign_in, cast):
        for path, sent in [*posts(letter), *FREEZES]:
            assert sign_in(cast.cerys).send(at(letter, path), sent).status_code == 403, path

    def test_whoever_cannot_see_it_finds_nothing(self, sign_in, cast):
        letter = build_letter(build_campaign(leads=[cast.amina]))
        for path, sent in [*posts(letter), *FREEZES]:
            assert sign_in(cast.dov).send(at(letter, path), sent).status_code == 404, path

    def test_a_frozen_letter_refuses_every_post_and_keeps_what_was_typed(self, sign_in, cast):
        letter = build_letter(build_campaign(leads=[cast.amina]), frozen=True)
        before = list(Block.select().order_by(Block.id).dicts())
        for path, sent in posts(letter):
            page = sign_in(cast.amina).send(at(letter, path), sent)
            assert page.status_code == 422 and "frozen" in page.text, path
        assert list(Block.select().order_by(Block.id).dicts()) == before

    def test_a_part_of_another_letter_is_not_here(self, letter, sign_in, cast):
        other = part(build_letter(letter.campaign))
        assert sign_in(cast.amina).send(at(letter, f"/blocks/{other.id}"), {"text": "x", "seen": 1}).status_code == 404
