"""Who is told of what, and when: once each, and nothing to people it does not concern."""

from datetime import date, timedelta

import pytest

from portal import clock
from portal.campaigns.models import Attachment, Campaign, Membership, Role
from portal.meetings.models import Undertaking
from portal.mentoring.models import MentorPair, PlanStep
from portal.reminders.sources import days_before
from portal.responses.deadlines.models import Deadline
from portal.responses.models import CommitmentCheck
from tests.builders import add_member, build_campaign, build_pair, build_person, build_response
from tests.reminders.stage import TODAY, at, clock_until, morning_mails, promise, sent_letter, told

DAY = timedelta(days=1)


def test_a_clock_is_told_before_its_end_and_after_it_once_each(campaign, cast):
    clock_until(campaign, date(2026, 11, 30))
    assert told(date(2026, 11, 26), cast.amina) == ""
    assert "“We ask for dry walls”: their answer is due Mon 30 Nov, in 3 days." in told(date(2026, 11, 27), cast.amina)
    assert told(date(2026, 11, 28), cast.amina) == ""
    assert told(date(2026, 11, 30), cast.amina) == ""
    assert "their answer was due Mon 30 Nov and has not come." in told(date(2026, 12, 1), cast.amina)
    assert told(date(2026, 12, 2), cast.amina) == ""


def test_everybody_who_keeps_the_campaign_moving_is_told_and_members_are_not(campaign, cast):
    keeper, writer = build_person(), build_person()
    add_member(campaign, keeper, "secretary", "drafter")
    add_member(campaign, writer, "drafter")
    clock_until(campaign, TODAY - DAY)
    people = {mail.to for mail in morning_mails(TODAY)}
    assert people == {cast.amina.email, cast.ben.email, keeper.email, writer.email}


@pytest.mark.parametrize(("run", "days"), [(0, 0), (1, 0), (7, 1), (14, 3), (28, 3), (60, 7)])
def test_a_longer_clock_is_spoken_of_earlier(run, days):
    assert days_before(run) == days


def test_another_date_is_another_event(campaign, cast):
    clock = clock_until(campaign, TODAY - DAY)
    assert "was due" in told(TODAY, cast.amina)
    moved = {"override_on": TODAY + 9 * DAY, "override_reason": "We agreed to wait"}
    Deadline.update(**moved).where(Deadline.id == clock.id).execute()
    assert "is due" in told(TODAY + 6 * DAY, cast.amina)
    assert "was due" in told(TODAY + 10 * DAY, cast.amina)


def test_an_extension_moves_what_is_told(campaign, cast):
    clock = clock_until(campaign, TODAY - DAY)
    Deadline.update(extended_on=TODAY + 2 * DAY, extension_reason="Holidays").where(Deadline.id == clock.id).execute()
    assert "is due Wed 25 Nov, in 2 days" in told(TODAY, cast.amina)


@pytest.mark.parametrize("change", ["kept", "dropped", "withdrawn", "long ago"])
def test_a_clock_that_no_longer_runs_or_is_old_news_is_not_told(campaign, cast, change):
    running = clock_until(campaign, TODAY - (20 if change == "long ago" else 1) * DAY)
    if change == "kept":
        Deadline.update(satisfied_on=TODAY).where(Deadline.id == running.id).execute()
    if change == "dropped":
        Deadline.update(dropped_at=clock.now()).where(Deadline.id == running.id).execute()
    if change == "withdrawn":
        running.letter.withdrawn_at = clock.now()
        running.letter.save()
    assert morning_mails(TODAY) == []


def test_a_clock_in_hours_is_late_within_its_day(campaign, cast):
    running = clock_until(campaign, TODAY)
    Deadline.update(due_at=clock.now() - timedelta(hours=6)).where(Deadline.id == running.id).execute()
    assert "was due Mon 23 Nov" in told(TODAY, cast.amina)


@pytest.mark.parametrize("state", ["paused", "won", "ended"])
def test_nothing_comes_from_a_campaign_that_is_paused_or_over(campaign, cast, state):
    clock_until(campaign, TODAY - DAY)
    Campaign.update(state=state).where(Campaign.id == campaign.id).execute()
    assert morning_mails(TODAY) == []


def test_nothing_comes_to_people_who_left_whose_role_is_over_or_whose_account_is_closed(campaign, cast):
    clock_until(campaign, TODAY - DAY)
    amina, ben = (Membership.get(Membership.person == who.id) for who in (cast.amina, cast.ben))
    Membership.update(left_at=clock.now()).where(Membership.id == amina.id).execute()
    Role.update(until_on=TODAY - DAY).where(Role.membership == ben.id).execute()
    Undertaking.create(campaign=campaign, person=cast.amina, who="Amina", what="Print", by_on=TODAY)
    Undertaking.create(campaign=campaign, person=cast.cerys, who="Cerys", what="Print", by_on=TODAY)
    cast.cerys.closed_at = clock.now()
    cast.cerys.save()
    assert morning_mails(TODAY) == []


def test_an_answer_nobody_has_read_is_told_after_three_ten_and_twenty_four_days(campaign, cast):
    with at(date(2026, 11, 2), 23):
        response = build_response(sent_letter(campaign, date(2026, 10, 1)))
    days = [date(2026, 11, 2) + n * DAY for n in range(40)]
    spoken = [n for n, day in enumerate(days) if "Nobody has said yet what it means" in told(day, cast.ben)]
    assert spoken == [3, 10, 24]
    with at(TODAY):
        assert response.read_at is None


def test_one_that_was_read_is_not_told(campaign, cast):
    with at(date(2026, 11, 2)):
        build_response(sent_letter(campaign, date(2026, 10, 1)), kind="holding", read_at=clock.now())
    assert told(date(2026, 11, 6), cast.ben) == ""


def test_a_promise_is_told_to_leads_before_its_day_and_to_everybody_after_it(campaign, cast):
    made = promise(campaign, TODAY)
    other = build_person()
    add_member(campaign, other)
    assert "They promised: “Fit the fans”. It is due" in told(TODAY - 7 * DAY, cast.amina)
    assert told(TODAY - 7 * DAY, cast.cerys) == ""
    CommitmentCheck.create(commitment=made, voice=f"person:{other.id}", person=other, verdict="fixed")
    said = {mail.to: mail.text for mail in morning_mails(TODAY + DAY)}
    assert set(said) == {cast.amina.email, cast.ben.email, cast.cerys.email}
    assert "Say what you found." in said[cast.cerys.email]
    assert "Say what you found." not in said[cast.amina.email]
    assert morning_mails(TODAY + 2 * DAY) == []


def test_a_promise_that_is_settled_is_not_told(campaign):
    for state in ("kept", "not_kept", "cancelled", "renegotiated", "disputed"):
        promise(campaign, TODAY - DAY, state=state)
    assert morning_mails(TODAY) == []


def test_what_somebody_took_on_is_told_to_them_alone(campaign, cast):
    Undertaking.create(campaign=campaign, person=cast.cerys, who="Cerys", what="Print the posters", by_on=TODAY)
    assert "You took on: “Print the posters”, by Mon 23 Nov, in 2 days." in told(TODAY - 2 * DAY, cast.cerys)
    (late,) = morning_mails(TODAY + DAY)
    assert late.to == cast.cerys.email and "by Mon 23 Nov. Tick it off" in late.text


def test_a_step_of_a_plan_is_told_to_the_two_and_its_words_stay_on_their_page(campaign, cast):
    Attachment.create(campaign=campaign, person=cast.ola, asked_by=cast.amina, accepted_at=clock.now())
    pair = build_pair(campaign, mentor=cast.ola, mentee=cast.cerys)
    PlanStep.create(pair=pair, text="Talk to Rosa about the rent", by_on=TODAY)
    said = {mail.to: mail for mail in morning_mails(TODAY - DAY)}
    assert set(said) == {cast.ola.email, cast.cerys.email}
    text = said[cast.cerys.email].text
    assert "Your plan with Ola Mensah" in text and "Rosa" not in text
    assert said[cast.ola.email].link("mentoring") == f"/mentoring/{pair.id}"
    MentorPair.update(ended_at=clock.now()).where(MentorPair.id == pair.id).execute()
    assert morning_mails(TODAY + DAY) == []


def test_everything_of_a_morning_comes_in_one_mail_with_one_link_for_each_campaign(campaign, cast):
    other = build_campaign(leads=[cast.amina], title="Working lifts")
    for due in (TODAY, TODAY - DAY):
        promise(campaign, due)
    promise(other, TODAY)
    (mail,) = morning_mails(TODAY, cast.amina.email)
    assert mail.subject == "3 things wait in 2 places"
    assert [mail.text.count(f"/campaigns/{one.key}") for one in (campaign, other)] == [1, 1]
    assert "because you lead, write letters or keep the papers in a campaign" in mail.text


def test_a_long_list_is_cut_and_says_so(campaign, cast):
    for _n in range(11):
        promise(campaign, TODAY)
    (mail,) = morning_mails(TODAY, cast.amina.email)
    assert mail.subject == "Dry walls: 11 things wait"
    assert mail.text.count("They promised") == 8 and "And 3 more." in mail.text
