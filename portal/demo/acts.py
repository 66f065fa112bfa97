"""What people do in the demo: the portal's own operations, each at its hour. A demo that loads has proved them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.campaigns import circle, demands, homes, invitations, joining, operations, organizers, publicity, roles
from portal.campaigns.models import Campaign, Demand, Invitation, JoinRequest
from portal.demo.ground import Stage
from portal.demo.people import Company
from portal.meetings import closing, room, rsvps
from portal.meetings import operations as meetings
from portal.meetings.models import Meeting, Rsvp
from portal.mentoring import operations as mentoring
from portal.mentoring.models import MentorPair
from portal.people.models import Person
from portal.people.operations import declare_interest


class Circle:
    """One campaign as its people live it."""

    def __init__(self, stage: Stage, company: Company, campaign: Campaign) -> None:
        self.stage = stage
        self.company = company
        self.id = campaign.id
        self._links: dict[int, Invitation] = {}

    @property
    def campaign(self) -> Campaign:
        """The campaign as it is now, with nothing remembered of what people were in it before."""
        return Campaign.get_by_id(self.id)

    # ---- people ----

    def join(self, name: str, offset: int, hour: str, *, by: str) -> Person:
        """Somebody comes in by the link of a member."""
        with self.stage.at(offset, hour):
            person = self.company[name]
            invitations.accept_invitation(self._link_of(self.company[by]), by=person)
        return person

    def _link_of(self, inviter: Person) -> Invitation:
        link = self._links.get(inviter.id)
        if link is None or not invitations.is_open(link):
            link = self._links[inviter.id] = self._invite(inviter, note="For the stairwell")
        return link

    def _invite(self, inviter: Person, *, note: str) -> Invitation:
        link = invitations.make_invitation(self.campaign, by=inviter, note=note, is_poster=True)
        Invitation.update(nonce=self.stage.key()).where(Invitation.id == link.id).execute()
        return Invitation.get_by_id(link.id)

    def put_up_poster(self, offset: int, *, by: str, note: str) -> None:
        """A poster with a link that still works today."""
        with self.stage.at(offset, "18:30"):
            self._invite(self.company[by], note=note)

    def give(self, name: str, role: str, offset: int, hour: str, *, by: str) -> None:
        """A lead gives somebody a job."""
        with self.stage.at(offset, hour):
            membership = circle.membership_of(self.campaign, self.company[name])
            assert membership is not None
            roles.give_role(membership, role, by=self.company[by])

    def attach(self, name: str, offset: int, hour: str, *, by: str) -> None:
        """A lead asks an organizer to help, who says yes the next day."""
        campaign = self.campaign
        with self.stage.at(offset, hour):
            attachment = organizers.ask_organizer(campaign, self.company[name].email, by=self.company[by])
            assert attachment is not None
        with self.stage.at(offset + 1, "08:50"):
            organizers.accept_asking(attachment, by=self.company[name])

    def go_public(self, offset: int, *, asked_by: str, agreed_by: str) -> None:
        """One lead asks in the evening, another agrees the next day."""
        with self.stage.at(offset, "21:05"):
            agreement = publicity.ask_to_go(self.campaign, "public", by=self.company[asked_by])
        with self.stage.at(offset + 1, "12:40"):
            seen = publicity.preview(self.campaign).fingerprint
            publicity.agree_to_go(agreement, by=self.company[agreed_by], seen=seen)

    def ask_to_join(self, name: str, words: str, offset: int, hour: str) -> JoinRequest:
        """Somebody asks to come in."""
        with self.stage.at(offset, hour):
            return joining.ask_to_join(self.campaign, words, by=self.company[name])

    # ---- demands ----

    def demand(self, offset: int, hour: str, *, by: str, by_on: int | None = None, **answers: Any) -> Demand:
        """Say exactly what is asked; `by_on` as an offset."""
        day = None if by_on is None else self.stage.day(by_on)
        with self.stage.at(offset, hour):
            return demands.add_demand(self.campaign, by=self.company[by], by_on=day, **answers)

    # ---- meetings ----

    def call(
        self,
        offset: int,
        hours: tuple[str, str],
        *,
        called: int,
        by: str,
        title: str,
        kind: str,
        where: str,
        access: str = "",
        about: str = "",
        is_open: bool = False,
    ) -> Meeting:
        """Call a meeting on the day `called` for the day `offset`."""
        plan = meetings.Plan(
            title=title,
            kind=kind,
            where=where,
            access=access,
            about=about,
            is_open=is_open,
            starts_at=self.stage.moment(offset, hours[0]),
            ends_at=self.stage.moment(offset, hours[1]),
        )
        with self.stage.at(called, "20:10"):
            meeting = meetings.call_meeting(self.campaign, plan, by=self.company[by])
        key = self.stage.key()
        Meeting.update(key=key).where(Meeting.id == meeting.id).execute()
        meeting.key = key
        return meeting

    def answer(self, meeting: Meeting, name: str, answer: str, offset: int, hour: str, **given: Any) -> None:
        """A member says whether they come."""
        with self.stage.at(offset, hour):
            rsvp = rsvps.answer_as(meeting, rsvps.Coming(answer, **given), by=self.company[name])
        self._settle_nonce(rsvp)

    def answer_by_link(self, meeting: Meeting, name: str, email: str, offset: int, hour: str, **given: Any) -> None:
        """Somebody without an account says that they come."""
        with self.stage.at(offset, hour):
            coming = rsvps.Coming("yes", **given)
            rsvps.answer_without_account(meeting, coming, name=name, email=email, network=f"home of {name}")
        self._settle_nonce(Rsvp.select().where(Rsvp.meeting == meeting.id).order_by(Rsvp.id.desc()).get())

    def _settle_nonce(self, rsvp: Rsvp) -> None:
        Rsvp.update(nonce=self.stage.key()).where(Rsvp.id == rsvp.id).execute()

    def hold(
        self,
        meeting: Meeting,
        offset: int,
        hours: tuple[str, str],
        *,
        ticked_by: str,
        members: Sequence[str],
        guests: Sequence[str] = (),
        new: int = 0,
    ) -> None:
        """Tick who came at the door. The last `new` of the guests came for the first time."""
        host = self.company[ticked_by]
        with self.stage.at(offset, hours[0]):
            for name in members:
                room.tick_member(meeting, self.company[name], by=host)
            for nth, name in enumerate(guests):
                room.add_guest(meeting, by=host, name=name, is_new=nth >= len(guests) - new)

    def close(
        self,
        meeting: Meeting,
        offset: int,
        hour: str,
        *,
        by: str,
        decisions: Sequence[str],
        tasks: Sequence[tuple[str, str, int]] = (),
        next_on: int | None = None,
        why_no_next: str = "",
    ) -> None:
        """End it with decisions and tasks: (who, what, by which day)."""
        outcome = closing.Outcome(
            decisions=decisions,
            tasks=[
                closing.Task(who, what, self.stage.day(by_on), self.company.people.get(who))
                for who, what, by_on in tasks
            ],
            next_on=None if next_on is None else self.stage.day(next_on),
            why_no_next=why_no_next,
        )
        with self.stage.at(offset, hour):
            closing.close_meeting(meeting, outcome, by=self.company[by])

    def finish_tasks(self, meeting: Meeting, *, but: Sequence[str] = ()) -> None:
        """Everybody did what they said, the evening before it was due, except for those named."""
        for task in meeting.undertakings.order_by("id"):
            if task.who not in but and task.by_on is not None:
                offset = (task.by_on - self.stage.today).days
                with self.stage.at(min(offset - 1, -1), "21:30"):
                    closing.finish_undertaking(task, by=task.person or self.company.people[task.who])

    # ---- bringing each other on ----

    def pair(
        self, mentor: str, mentee: str, offset: int, hour: str, *, purpose: str, rhythm: str, accepted: bool = True
    ) -> MentorPair:
        """A mentor proposes a pair; the other one says yes the day after, unless they are still thinking."""
        with self.stage.at(offset, hour):
            pair = mentoring.propose_pair(
                self.campaign,
                mentor=self.company[mentor],
                mentee=self.company[mentee],
                purpose=purpose,
                rhythm=rhythm,
                by=self.company[mentor],
            )
        if accepted:
            with self.stage.at(offset + 1, "09:20"):
                mentoring.accept_pair(pair, by=self.company[mentee])
        return pair

    def firsts(self, pair: MentorPair, *, by: str, rows: Sequence[tuple[int, str]]) -> None:
        """Things done for the first time: (day, what)."""
        for offset, what in rows:
            with self.stage.at(min(offset + 1, 0), "07:45"):
                mentoring.add_first(pair, what=what, on=self.stage.day(offset), by=self.company[by])

    def chats(self, pair: MentorPair, *, by: str, rows: Sequence[tuple[int, str, str, str, int | None]]) -> None:
        """Proper chats: (day, where, what they care about, next step, its day)."""
        for offset, where, cares_about, next_step, next_on in rows:
            with self.stage.at(offset, "21:50"):
                mentoring.log_one_to_one(
                    pair,
                    held_on=self.stage.day(offset),
                    where=where,
                    cares_about=cares_about,
                    next_step=next_step,
                    next_on=None if next_on is None else self.stage.day(next_on),
                    by=self.company[by],
                )

    def finish_steps(self, pair: MentorPair, *, until: int) -> None:
        """Steps that were due by then are done."""
        last = self.stage.day(until)
        for step in pair.steps.order_by("id"):
            if isinstance(step.by_on, date) and step.by_on <= last:
                offset = (step.by_on - self.stage.today).days
                with self.stage.at(offset, "21:15"):
                    mentoring.finish_step(step, by=pair.mentee)


def start(stage: Stage, company: Company, offset: int, hour: str, *, by: str, **given: Any) -> Circle:
    """Somebody starts a campaign, and adds `buildings` and `zones` (arguments of homes.add_…) the day after."""
    buildings, zones = given.pop("buildings", ()), given.pop("zones", ())
    with stage.at(offset, hour):
        campaign = operations.start_campaign(by=company[by], **given)
    Campaign.update(key=stage.key(), is_demo=True).where(Campaign.id == campaign.id).execute()
    with stage.at(offset + 1, "19:15"):
        campaign = Campaign.get_by_id(campaign.id)
        for building in buildings:
            homes.add_building(campaign, by=company[by], **building)
        for name, count in zones:
            homes.add_zone(campaign, by=company[by], name=name, dwelling_count=count)
    return Circle(stage, company, campaign)


def organizer(stage: Stage, company: Company, name: str, *, declaration: str, area: str, since: int) -> None:
    """Somebody says openly for whom they organize."""
    with stage.at(since, "10:00"):
        declare_interest(company[name], declaration=declaration, area=area, since_on=stage.day(since))
