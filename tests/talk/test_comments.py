"""Remarks: threads, settling, taking back, and who is told."""

import pytest

from portal import limits
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.letters.talk import comments
from portal.letters.talk.models import Comment, Mention
from portal.letters.talk.people import Neighbour, circle_of, named_in, names_to_people
from tests.talk.conftest import part

pytestmark = pytest.mark.usefixtures("in_a_request")


def test_a_remark_and_its_answers_are_one_open_thread(letter, cast):
    block = part(letter)
    first = comments.say(letter, block, "Which homes?", by=cast.cerys)
    comments.answer(first, "All that reported.", by=cast.amina)
    assert part(letter).comment_count == 1 and Letter.get_by_id(letter.id).talk_count == 1


def test_on_the_whole_letter_it_counts_there(letter, cast):
    comments.say(letter, None, "Too long.", by=cast.ola)
    now = Letter.get_by_id(letter.id)
    assert (now.comment_count, now.talk_count) == (1, 1)


def test_settled_and_opened_again_twice_is_once(letter, cast):
    first = comments.say(letter, part(letter), "Which homes?", by=cast.cerys)
    for _press in range(2):
        comments.settle(first, by=cast.ben)
    assert part(letter).comment_count == 0
    with pytest.raises(RuleBroken):
        comments.answer(first, "Wait", by=cast.amina)
    for _press in range(2):
        comments.reopen(first, by=cast.ben)
    assert part(letter).comment_count == 1


def test_taken_back_words_are_gone_and_the_place_stays(letter, cast):
    first = comments.say(letter, part(letter), "In 11C they cough", by=cast.cerys)
    comments.answer(first, "Do not name homes", by=cast.amina)
    comments.take_back(first, by=cast.cerys)
    now = Comment.get_by_id(first.id)
    assert now.text == "" and now.taken_back_at is not None and now.settled_at is None


def test_a_thread_of_which_nothing_is_left_is_settled(letter, cast):
    first = comments.say(letter, None, "x", by=cast.cerys)
    comments.take_back(first, by=cast.cerys)
    assert Letter.get_by_id(letter.id).talk_count == 0
    with pytest.raises(RuleBroken):
        comments.reopen(first, by=cast.ben)


def test_nobody_takes_back_what_others_said(letter, cast):
    first = comments.say(letter, None, "x", by=cast.cerys)
    with pytest.raises(RuleBroken):
        comments.take_back(first, by=cast.amina)


def test_whoever_is_told_gets_one_mail_with_the_first_line(letter, cast, outbox):
    comments.say(
        letter, part(letter), "Is 31 right, @Ben?\nI counted 30.", by=cast.cerys, tell=[cast.ben.id, cast.ola.id]
    )
    assert {mail.to for mail in outbox()} == {"ben@example.org", "ola@example.org"}
    [mail] = outbox("ben@example.org")
    assert "Is 31 right, @Ben?" in mail.text and "I counted 30." not in mail.text
    assert "because Cerys Prosser named you" in mail.text and "/talk#remark_" in mail.link()
    assert Mention.select().count() == 2


def test_one_person_does_not_fill_everybody_s_mailbox(letter, cast, outbox, monkeypatch):
    monkeypatch.setattr(limits, "NAMED_MAIL", limits.Limit("named-mail", 2, 86400))
    comments.say(letter, None, "@Ben and @Amina", by=cast.cerys)
    with pytest.raises(RuleBroken, match="told 2 people by mail today"):
        comments.say(letter, None, "And once more", by=cast.cerys, tell=[cast.ben.id])
    assert Comment.select().count() == 1 and len(outbox()) == 2
    comments.say(letter, None, "Without names", by=cast.cerys)
    comments.say(letter, None, "@Ben", by=cast.amina)


def test_nobody_outside_the_circle_is_ever_told(letter, cast, outbox):
    comments.say(letter, None, "Hello @Dov and @Nia", by=cast.cerys, tell=[cast.dov.id, cast.nia.id, cast.cerys.id])
    assert outbox() == []


def test_the_circle_is_members_and_the_organizer(letter, cast):
    assert [one.name for one in circle_of(letter.campaign)] == [
        "Amina Dirie",
        "Ben Okafor",
        "Cerys Prosser",
        "Ola Mensah",
    ]


CIRCLE = [Neighbour(1, "Ben Okafor"), Neighbour(2, "Ben Ali"), Neighbour(3, "Zoë O’Neil"), Neighbour(4, "علي حسن")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ben look", {1, 2}),
        ("@ben okafor look", {1}),
        ("(@Zoë), yes", {3}),
        ("@علي", {4}),
        ("mail ben@ben.example", set()),
        ("@Benny", set()),
        ("@ Ben", set()),
    ],
)
def test_names_in_a_text(text, meant):
    assert named_in(text, CIRCLE) == meant


def test_typed_names():
    assert names_to_people("zoë, Ben Ali, ", CIRCLE) == ({2, 3}, [])
    assert names_to_people("Farid, Ben", CIRCLE) == ({1, 2}, ["Farid"])
