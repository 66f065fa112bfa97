"""Remarks through the front door, as pages and in place under a part."""

import pytest

from portal.letters.blocks import Words
from portal.letters.models import Letter
from portal.letters.talk import comments, suggestions
from portal.letters.talk.models import Comment, Mention
from portal.people.models import Person
from tests.builders import add_member, build_letter
from tests.counting import count_sql
from tests.talk.conftest import at, part


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def member(request, sign_in, cast):
    return sign_in(cast.cerys, htmx=request.param)


def succeeded(answer):
    return answer.status_code == (200 if answer.request.headers.get("HX-Request") else 303)


def talk(letter, kind="demand"):
    return at(letter, f"/blocks/{part(letter, kind).id}/talk")


class TestOnAPart:
    def test_said_answered_settled_opened_again(self, letter, member, cast):
        block = part(letter)
        answer = member.send(at(letter, f"/blocks/{block.id}/comments"), {"text": "Which homes?"})
        assert succeeded(answer)
        first = Comment.get()
        if member.htmx:
            assert "<html" not in answer.text and f'id="talk_{block.id}"' in answer.text
            assert "Which homes?" in answer.text
        else:
            assert answer.headers["Location"].endswith(f"/talk#remark_{first.id}")
        assert "Your remark" in member.get(f"{talk(letter)}?answer={first.id}").text
        for path, sent in (("answers", {"text": "All of them"}), ("settling", {}), ("reopening", {})):
            assert succeeded(member.send(at(letter, f"/comments/{first.id}/{path}"), sent))
        assert Comment.select().where(Comment.thread == first).get().text == "All of them"
        assert Comment.get_by_id(first.id).settled_at is None
        assert succeeded(member.send(at(letter, f"/comments/{first.id}/taking-back")))
        page = member.get(talk(letter)).text
        assert "Taken back by who wrote it." in page and "Which homes?" not in page and "All of them" in page

    def test_an_empty_remark_and_a_long_one_say_why(self, letter, member):
        where = at(letter, f"/blocks/{part(letter).id}/comments")
        assert "Write something first" in member.send(where, {"text": " "}).text
        page = member.send(where, {"text": "Kept " * 500})
        assert page.status_code == 422 and "2,000 characters or less" in page.text and "Kept Kept" in page.text
        assert ("<html" in page.text) != member.htmx

    def test_an_empty_answer_keeps_the_form_open(self, letter, member, cast):
        first = comments.say(letter, part(letter), "Which homes?", by=cast.ben)
        page = member.send(at(letter, f"/comments/{first.id}/answers"), {"text": "", "tell": str(cast.ben.id)})
        assert page.status_code == 422 and "Write something first" in page.text
        assert f'<input checked id="tell_{first.id}-1"' in page.text

    def test_a_settled_thread_is_not_answered(self, letter, member, cast):
        first = comments.say(letter, part(letter), "Which homes?", by=cast.ben)
        comments.settle(first, by=cast.ben)
        page = member.send(at(letter, f"/comments/{first.id}/answers"), {"text": "Late words"})
        assert page.status_code == 422 and "This was settled" in page.text


class TestOnTheLetter:
    def test_said_by_the_organizer_and_listed_with_those_on_parts(self, letter, cast, sign_in):
        comments.say(letter, part(letter, "question"), "Add the lift", by=cast.ben)
        browser = sign_in(cast.ola)
        assert browser.send(at(letter, "/comments"), {"text": "Say it shorter"}).status_code == 303
        page = browser.get(at(letter, "/comments")).text
        assert page.index("Say it shorter") < page.index("Add the lift")
        assert "The whole letter" in page and "Question 1" in page
        assert "1 on the whole letter" in browser.get(at(letter)).text

    def test_a_bad_remark_keeps_what_was_typed(self, letter, cast, sign_in):
        page = sign_in(cast.cerys).send(at(letter, "/comments"), {"text": "x" * 2001})
        assert page.status_code == 422 and "xxx" in page.text

    def test_threads_are_paged_by_key(self, letter, cast, sign_in):
        for number in range(22):
            comments.say(letter, None, f"Remark {number}.", by=cast.ben)
        browser = sign_in(cast.cerys)
        page = browser.get(at(letter, "/comments")).text
        assert "Remark 21." in page and "Remark 1." not in page
        assert "Remark 1." in browser.get(page.split('rel="next" href="')[1].split('"')[0]).text


class TestTelling:
    def test_ticked_neighbours_are_told(self, letter, cast, sign_in, outbox):
        browser = sign_in(cast.cerys)
        page = browser.get(at(letter, "/comments")).text
        assert "Ben Okafor" in page and f'value="{cast.cerys.id}"' not in page
        browser.send(at(letter, "/comments"), {"text": "Look at the harm", "tell": [cast.ben.id, cast.amina.id]})
        assert {mail.to for mail in outbox()} == {"ben@example.org", "amina@example.org"}
        assert "told:" in browser.get(at(letter, "/comments")).text

    def test_somebody_outside_cannot_be_ticked(self, letter, cast, sign_in, outbox):
        page = sign_in(cast.cerys).send(at(letter, "/comments"), {"text": "Kept", "tell": cast.dov.id})
        assert page.status_code == 422 and "Kept" in page.text and outbox() == []

    def test_in_a_large_circle_names_are_typed(self, letter, campaign, cast, sign_in, outbox):
        for number in range(30):
            add_member(campaign, Person.create(name=f"Person{number} X", email=f"p{number}@example.org"))
        browser = sign_in(cast.cerys)
        page = browser.send(at(letter, "/comments"), {"text": "Kept", "tell_names": "Person7, Farid"})
        assert page.status_code == 422 and "Nobody here is called Farid" in page.text and "Person7, Farid" in page.text
        browser.send(at(letter, "/comments"), {"text": "Look", "tell_names": "person7, Ben"})
        assert {mail.to for mail in outbox()} == {"p7@example.org", "ben@example.org"}
        assert Mention.select().count() == 2


class TestWhoMay:
    @pytest.mark.parametrize("path", ["answers", "settling", "reopening", "taking-back"])
    def test_strangers_know_nothing(self, letter, cast, sign_in, path):
        first = comments.say(letter, None, "x", by=cast.cerys)
        where = at(letter, f"/comments/{first.id}/{path}")
        assert sign_in(cast.nia).send(where, {"text": "x"}).status_code == 404

    def test_in_a_public_campaign_visitors_may_not(self, letter, campaign, cast, sign_in):
        type(campaign).update(visibility="public").where(type(campaign).id == campaign.id).execute()
        assert sign_in(cast.nia).send(at(letter, "/comments"), {"text": "x"}).status_code == 403
        assert sign_in(cast.nia).get(talk(letter)).status_code == 403
        assert Comment.select().count() == 0

    def test_nobody_takes_back_what_others_said(self, letter, cast, sign_in):
        first = comments.say(letter, None, "Mine", by=cast.cerys)
        assert sign_in(cast.amina).send(at(letter, f"/comments/{first.id}/taking-back")).status_code == 403
        assert Comment.get().text == "Mine"

    def test_a_remark_of_another_letter_is_not_here(self, letter, campaign, cast, sign_in):
        other = comments.say(build_letter(campaign), None, "x", by=cast.cerys)
        assert sign_in(cast.cerys).send(at(letter, f"/comments/{other.id}/settling")).status_code == 404


class TestTheDesk:
    def test_a_part_says_what_is_open_and_leads_there(self, letter, cast, sign_in):
        block = part(letter)
        for number in range(2):
            suggestions.suggest_words(block, Words(f"W{number}"), seen=1, why="x", by=cast.cerys)
        comments.say(letter, block, "x", by=cast.cerys)
        page = sign_in(cast.amina).get(at(letter)).text
        assert "2 suggestions · 1 remark" in page and f'hx-target="#talk_{block.id}"' in page
        assert "Suggest other words" not in page
        assert "Suggest other words" in sign_in(cast.cerys).get(at(letter)).text

    def test_the_talk_opens_in_place_and_closes_again(self, letter, cast, sign_in):
        piece = sign_in(cast.cerys, htmx=True).get(talk(letter)).text
        assert "<html" not in piece and piece.strip().startswith('<section id="talk_') and "Close the talk" in piece

    @pytest.mark.usefixtures("in_a_request")
    def test_pages_take_five_statements_however_much_is_said(self, letter, cast, sign_in):
        block = part(letter)
        for number in range(6):
            first = comments.say(letter, block, f"{number} @Ben", by=cast.cerys)
            comments.answer(first, "x", by=cast.ben)
            suggestions.suggest_words(block, Words(f"W{number}"), seen=1, why="x", by=cast.cerys)
        browser = sign_in(cast.cerys)
        for path in (f"/blocks/{block.id}/talk", "/comments", ""):
            with count_sql() as seen:
                assert browser.get(at(letter, path)).status_code == 200
            assert len(seen) <= 5, path

    def test_a_frozen_letter_can_still_be_talked_about_and_a_withdrawn_one_not(self, campaign, cast, sign_in):
        from portal import clock

        letter = build_letter(campaign, frozen=True)
        browser = sign_in(cast.cerys)
        assert browser.send(at(letter, "/comments"), {"text": "Who prints it?"}).status_code == 303
        Letter.update(withdrawn_at=clock.now()).where(Letter.id == letter.id).execute()
        page = browser.send(at(letter, "/comments"), {"text": "Kept words"})
        assert page.status_code == 422 and "Kept words" in page.text and "This letter is withdrawn." in page.text
