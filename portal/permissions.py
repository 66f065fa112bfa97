"""Who may do what: one table, one question.

Read it aloud at a meeting. A thing tells what a person is to it (`parts_of`); an action lists the parts that may.
Seeing comes first: whoever may not see a thing gets the same page as if it were not there.
"""

from typing import Any, Protocol


class Thing(Protocol):
    """Anything that can say what a person is to it."""

    def parts_of(self, person: Any) -> set[str]: ...


class Site:
    """The portal itself, for actions that belong to no campaign."""

    def parts_of(self, person: Any) -> set[str]:
        """visitor for everybody, signed_in with an account, steward for site duty."""
        if person is None:
            return {"visitor"}
        return {"visitor", "signed_in", "steward"} if person.is_steward else {"visitor", "signed_in"}


SITE = Site()

ANYBODY = frozenset({"visitor", "signed_in", "member", "organizer"})
SIGNED_IN = frozenset({"signed_in"})
STEWARDS = frozenset({"steward"})
MEMBERS = frozenset({"member"})
MEMBERS_AND_ORGANIZER = frozenset({"member", "organizer"})
LEADS = frozenset({"lead"})
WRITERS = frozenset({"lead", "drafter"})
KEEPERS = frozenset({"lead", "secretary"})
PAIR = frozenset({"mentor", "mentee"})

ACTIONS: dict[str, frozenset[str]] = {
    # The site
    "site.read": ANYBODY,
    "site.sign_in": ANYBODY,
    "site.develop": ANYBODY,
    "account.use": SIGNED_IN,
    "campaign.start": SIGNED_IN,
    "calendar.edit": STEWARDS,
    # A campaign
    "campaign.read": ANYBODY,
    "campaign.read_inside": MEMBERS_AND_ORGANIZER,
    "campaign.edit": LEADS,
    "campaign.edit_demands": WRITERS,
    "campaign.edit_homes": frozenset({"lead", "secretary", "door_captain"}),
    "campaign.invite": MEMBERS,
    "campaign.accept_invitation": SIGNED_IN,
    "campaign.ask_to_join": SIGNED_IN,
    "campaign.vouch": MEMBERS,
    "campaign.decline_request": LEADS,
    "campaign.leave": MEMBERS,
    "campaign.remove_member": LEADS,
    "campaign.give_roles": LEADS,
    "campaign.hand_back_role": MEMBERS,
    "campaign.take_up_lead": MEMBERS,
    "campaign.ask_to_go_public": LEADS,
    "campaign.agree_to_go_public": frozenset({"lead", "organizer"}),
    "campaign.step_back": LEADS,
    "campaign.close": LEADS,
    "campaign.pause": LEADS,
    "campaign.stop_publishing": LEADS,
    "campaign.attach_organizer": LEADS,
    "campaign.read_organizers": MEMBERS_AND_ORGANIZER | {"invited_organizer"},
    "campaign.answer_attachment": frozenset({"invited_organizer", "organizer"}),
    # Evidence
    "evidence.read": MEMBERS_AND_ORGANIZER,
    "evidence.add": MEMBERS,
    "evidence.edit": WRITERS | {"recorder"},
    # Letters
    "letter.read": MEMBERS_AND_ORGANIZER,
    "letter.start": WRITERS,
    "letter.edit": WRITERS,
    "letter.talk": MEMBERS_AND_ORGANIZER,
    "letter.suggest": MEMBERS,
    "letter.decide": WRITERS,
    "letter.take_lead": WRITERS,
    "letter.open_vote": LEADS,
    "letter.vote": MEMBERS,
    "letter.enter_votes": KEEPERS,
    "letter.answer_vote": LEADS,
    "letter.freeze": LEADS,
    "letter.reopen": LEADS,
    "letter.read_refused": LEADS,
    "letter.translate": MEMBERS,
    "letter.be_named": MEMBERS,
    "letter.read_named": LEADS,
    "letter.keep_template": WRITERS,
    "letter.read_public": ANYBODY,
    "letter.sign": ANYBODY,
    "letter.read_signatories": LEADS,
    "letter.send": LEADS,
    # Answers
    "response.read": MEMBERS_AND_ORGANIZER,
    "response.log": frozenset({"lead", "drafter", "secretary"}),
    "response.classify": frozenset({"lead", "drafter", "secretary"}),
    "response.read_second": frozenset({"lead", "drafter", "secretary", "asked_reader"}),
    "response.settle": LEADS,
    "response.give": frozenset({"lead", "drafter", "secretary", "giver"}),
    "response.correct": frozenset({"lead", "logger"}),
    "response.publish": LEADS,
    "deadline.read": MEMBERS_AND_ORGANIZER,
    "deadline.choose": frozenset({"lead", "drafter", "secretary"}),
    "deadline.override": frozenset({"lead", "drafter", "secretary"}),
    "deadline.correct": frozenset({"lead", "drafter", "secretary"}),
    "commitment.read": MEMBERS_AND_ORGANIZER,
    "commitment.add": frozenset({"lead", "drafter", "secretary"}),
    "commitment.check": MEMBERS,
    "commitment.talk": LEADS,
    "commitment.cancel": LEADS,
    # Mail that came in
    "inbound.read": LEADS,
    "inbound.handle": LEADS,
    "inbound.steward": STEWARDS,
    # Members' votes, and what comes next
    "decision.read": MEMBERS_AND_ORGANIZER,
    "decision.open": LEADS,
    "decision.vote": MEMBERS,
    "decision.enter_votes": KEEPERS,
    "escalation.read": MEMBERS_AND_ORGANIZER,
    "escalation.plan": LEADS,
    "negotiation.read": MEMBERS_AND_ORGANIZER,
    "negotiation.prepare": KEEPERS,
    "casefile.make": LEADS,
    # Organizations, as everybody may read of them
    "organization.read": ANYBODY,
    "organization.correct": ANYBODY,
    "organization.propose": SIGNED_IN,
    "organization.decide": STEWARDS | {"lead"},
    "organization.merge": STEWARDS,
    "reminder.choose": SIGNED_IN,
    # Meetings
    "meeting.read": ANYBODY,
    "meeting.answer": ANYBODY,
    "meeting.list": MEMBERS_AND_ORGANIZER,
    "meeting.call": KEEPERS | {"organizer"},
    "meeting.take_attendance": KEEPERS | {"door_captain", "organizer"},
    "meeting.close": KEEPERS,
    "undertaking.finish": frozenset({"doer", "lead"}),
    # Mentoring
    "mentoring.read_own": SIGNED_IN,
    "mentoring.propose": frozenset({"lead", "organizer"}),
    "pair.read": PAIR,
    "pair.answer": PAIR,
    "pair.plan": PAIR,
    "pair.log": PAIR,
    "pair.end": PAIR,
}


def can(person: Any, action: str, thing: Thing = SITE) -> bool:
    """Whether `person` (None when signed out) may do `action` to `thing`. Raises KeyError for an unknown action."""
    return bool(ACTIONS[action] & thing.parts_of(person))


def is_open_to_visitors(action: str) -> bool:
    """Whether people without an account may come as far as asking."""
    return "visitor" in ACTIONS[action]
