"""Asking, voting, counting: who may, when it ends, what follows."""

from datetime import timedelta

import pytest

from portal import clock
from portal.campaigns.models import Activity, Membership
from portal.decisions import closing, room, subjects, telling, voting
from portal.decisions.models import Ballot, BallotVote
from portal.decisions.opening import Subject
from portal.errors import RuleBroken
from tests.builders import add_member, build_person
from tests.conftest import NOON


def later(hours):
    return clock.frozen_at(NOON + timedelta(hours=hours))


def now_of(ballot):
    return Ballot.get_by_id(ballot.id)


class TestAsking:
    def test_everybody_in_the_circle_can_vote_and_gets_one_mail_that_names_nothing(self, ask, cast, sal, outbox):
        ballot = ask("Do we tell the Echo about Meridale?")
        assert ballot.elector_count == 4 and ballot.least_voters == 3
        assert {mail.to for mail in outbox()} == {p.email for p in (cast.amina, cast.ben, cast.cerys, sal)}
        assert all("Meridale" not in mail.text + mail.subject for mail in outbox())
        assert outbox(cast.cerys.email)[0].link("decisions").endswith(f"/decisions/{ballot.id}")

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"closes_at": NOON + timedelta(hours=23)}, "sleep on it"),
            ({"closes_at": NOON + timedelta(minutes=30), "is_strategy": False}, "at least an hour"),
            ({"closes_at": NOON + timedelta(days=15)}, "fourteen days"),
            ({"options": ["Only one", ""]}, "at least two answers"),
            ({"options": ["The Echo", "the echo"]}, "the same"),
        ],
    )
    def test_what_will_not_do_is_refused(self, ask, given, says):
        with pytest.raises(RuleBroken, match=says):
            ask(**given)

    def test_one_thing_is_voted_on_once_at_a_time(self, ask):
        about = Subject("response", 7, "Their answer")
        first = ask(about=about)
        with pytest.raises(RuleBroken, match="already"):
            ask(about=about)
        closing.stop(first, why="Typing error", by=first.opened_by)
        ask(about=about)

    def test_whoever_comes_in_later_or_leaves_does_not_vote(self, ask, campaign, cast):
        ballot = ask()
        add_member(campaign, cast.nia)
        with pytest.raises(RuleBroken, match="in the circle when the vote opened"):
            voting.cast_vote(ballot, choice=0, by=cast.nia)
        Membership.update(left_at=clock.now()).where(Membership.person == cast.cerys.id).execute()
        campaign.__dict__.pop("_parts", None)
        with pytest.raises(RuleBroken):
            voting.cast_vote(ballot, choice=0, by=cast.cerys)


class TestVoting:
    def test_one_may_change_ones_mind_and_the_last_word_counts(self, ask, cast):
        ballot = ask()
        voting.cast_vote(ballot, choice=0, by=cast.cerys)
        voting.cast_vote(ballot, choice=1, worry="They may lose heart", by=cast.cerys)
        assert closing.counts_of(ballot) == [0, 1] and now_of(ballot).voter_count == 1
        assert BallotVote.select().count() == 2

    def test_what_others_said_is_hidden_until_one_has_voted(self, ask, cast):
        ballot = ask()
        voting.cast_vote(ballot, choice=1, worry="Too soon", by=cast.cerys)
        assert room.enter(ballot, cast.amina).results is None
        voting.cast_vote(ballot, choice=0, by=cast.amina)
        assert room.enter(ballot, cast.amina).results.counts == [1, 1]

    def test_it_ends_with_the_last_vote_but_not_before_a_night_has_passed(self, ask, cast, sal):
        ballot = ask()
        everybody = (cast.amina, cast.ben, cast.cerys, sal)
        for person in everybody:
            voting.cast_vote(ballot, choice=0, by=person)
        assert closing.close_due() == 0 and now_of(ballot).outcome is None
        with later(25):
            assert closing.close_due() == 1
        assert (now_of(ballot).outcome, now_of(ballot).winner) == ("passed", 0)
        small = ask("Red or blue?", options=["Red", "Blue"], is_strategy=False)
        for person in everybody:
            voting.cast_vote(small, choice=1, by=person)
        assert (now_of(small).outcome, now_of(small).winner) == ("passed", 1)
        with pytest.raises(RuleBroken, match="over"):
            voting.cast_vote(small, choice=0, by=cast.ben)

    def test_its_hour_ends_it_and_everybody_is_told_once(self, ask, cast, outbox):
        ballot = ask()
        for person, choice in ((cast.amina, 0), (cast.ben, 1), (cast.cerys, 1)):
            voting.cast_vote(ballot, choice=choice, by=person)
        with later(73):
            closing.close_due()
            closing.settle(ballot)
        assert (now_of(ballot).outcome, now_of(ballot).winner) == ("failed", 1)
        assert [mail.subject for mail in outbox(cast.cerys.email)].count("A vote is over") == 1
        assert Activity.select().where(Activity.verb == "ballot_ended").count() == 1

    def test_it_takes_half_of_those_with_a_job_as_a_letter_does(self, ask, campaign, cast):
        for name in ("Kit", "Lou"):
            add_member(campaign, build_person(name))
        ballot = ask()
        assert (ballot.core_count, ballot.core_needed) == (3, 2)
        members = [row.person for row in Membership.select().where(Membership.person.not_in([cast.ben, cast.amina]))]
        for person in members:
            if person.name != "Sal Secretary":
                voting.cast_vote(ballot, choice=0, by=person)
        with later(73):
            seen = room.enter(ballot, cast.amina)
            closing.close_due()
        assert seen.outcome == now_of(ballot).outcome == "failed" and now_of(ballot).winner is None

    def test_a_late_vote_is_refused_even_before_anybody_counted(self, ask, cast):
        ballot = ask()
        with later(73), pytest.raises(RuleBroken, match="over"):
            voting.cast_vote(ballot, choice=0, by=cast.cerys)

    def test_whoever_wanted_it_otherwise_can_leave_words(self, ask, cast):
        ballot = ask()
        for person, choice in ((cast.amina, 0), (cast.ben, 0), (cast.cerys, 1)):
            voting.cast_vote(ballot, choice=choice, by=person)
        with pytest.raises(RuleBroken, match="no result yet"):
            voting.leave_view(ballot, words="I would wait", by=cast.cerys)
        with later(73):
            closing.close_due()
            with pytest.raises(RuleBroken, match="something else"):
                voting.leave_view(ballot, words="Hm", by=cast.ben)
            voting.leave_view(ballot, words="I would wait", by=cast.cerys)
            seen = room.enter(now_of(ballot), cast.ben)
        assert [vote.other_view for vote in seen.results.views] == ["I would wait"]

    def test_a_paper_counts_when_two_have_read_the_same(self, ask, cast, sal):
        ballot = ask()
        paper = voting.enter_paper(ballot, person=cast.cerys, choice=1, by=cast.ben)
        assert now_of(ballot).voter_count == 0
        with pytest.raises(RuleBroken, match="It takes two"):
            voting.check_paper(paper, choice=1, by=cast.ben)
        with pytest.raises(RuleBroken, match="differently"):
            voting.check_paper(paper, choice=0, by=sal)
        voting.check_paper(paper, choice=1, by=sal)
        assert now_of(ballot).voter_count == 1
        with pytest.raises(RuleBroken, match="does not wait"):
            voting.take_back_paper(paper)


class TestTelling:
    def test_only_those_who_have_not_voted_are_reminded_and_each_once(self, ask, cast, outbox):
        ballot = ask()
        voting.cast_vote(ballot, choice=0, by=cast.amina)
        assert telling.nudge(ballot) == 3 and telling.nudge(ballot) == 0
        with later(60):
            assert telling.nudge_before_the_end() == 0
        assert "Your vote is missing" not in [mail.subject for mail in outbox(cast.amina.email)]

    def test_what_follows_happens_with_the_count_or_not_at_all(self, ask, cast, monkeypatch):
        seen = []
        monkeypatch.setitem(subjects._listeners, "kite", [lambda ballot: seen.append(ballot.outcome)])
        ballot = ask(about=Subject("kite", 1, "A kite"))
        closing.stop(ballot, why="Rain", by=cast.amina)
        assert seen == ["cancelled"]

        def fall(_ballot):
            raise RuntimeError

        monkeypatch.setitem(subjects._listeners, "kite", [fall])
        second = ask(about=Subject("kite", 1, "A kite"))
        with later(73), pytest.raises(RuntimeError):
            closing.settle(second)
        assert now_of(second).outcome is None
