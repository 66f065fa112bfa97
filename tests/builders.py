"""Saved, valid, boring things. A test states only what matters to it."""

import hashlib
import json
from datetime import date, timedelta
from itertools import count
from typing import Any

from portal import clock, tokens
from portal.campaigns.models import Attachment, Campaign, Demand, Membership, Role
from portal.evidence.models import EvidenceItem
from portal.letters import freezing
from portal.letters.copies.models import OwnTemplate
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Block, Letter, LetterVersion, Signature
from portal.letters.votes import closing, opening, voting
from portal.letters.votes.models import SignOff
from portal.meetings.models import Meeting
from portal.mentoring.models import MentorPair
from portal.people.models import Person
from portal.places.models import Building, Home, Place
from portal.responses.models import Commitment, Response
from portal.targets.models import Organization, Target

_numbers = count(1)


def build_person(name: str = "") -> Person:
    number = next(_numbers)
    return Person.create(name=name or f"Neighbour {number}", email=f"neighbour{number}@example.org")


def build_target(name: str = "Meridale Homes", **given: Any) -> Target:
    organization, _made = Organization.get_or_create(
        name_key=Organization.key_of(name), defaults={"name": name, "sector": "social_housing"}
    )
    defaults = {"person_name": "Philippa Stroud", "post": "director of homes", "email": "complaints@meridale.example"}
    return Target.create(organization=organization, **{**defaults, **given})


def build_campaign(
    *,
    leads: Any = (),
    members: Any = (),
    organizer: Person | None = None,
    target: Any = None,
    floors: int = 0,
    homes_per_floor: int = 0,
    **given: Any,
) -> Campaign:
    place = Place.create(name="Larkspur Point", town="Ashmere", home_count=floors * homes_per_floor)
    if floors:
        building = Building.create(place=place, name="Larkspur Point")
        for floor in range(1, floors + 1):
            for number in range(homes_per_floor):
                Home.create(
                    building=building,
                    floor_label=str(floor),
                    floor_order=floor,
                    label=f"{floor}{chr(65 + number)}",
                    position=number,
                )
    defaults = {
        "key": tokens.new_key(),
        "title": "Dry walls, working lifts",
        "problem": "Mould in thirty homes.",
        "kind": "damp",
        "started_by": leads[0] if leads else None,
        "member_count": len(leads) + len(members),
    }
    if given.get("visibility") == "public":
        defaults["public_at"] = clock.now()
    campaign = Campaign.create(place=place, target=target or build_target(), **{**defaults, **given})
    for person in leads:
        add_member(campaign, person, "lead")
    for person in members:
        add_member(campaign, person)
    if organizer is not None:
        Attachment.create(campaign=campaign, person=organizer, asked_by=leads[0], accepted_at=clock.now())
    return campaign


def add_member(campaign: Campaign, person: Person, *roles: str) -> Membership:
    membership = Membership.create(campaign=campaign, person=person)
    for role in roles:
        Role.create(membership=membership, name=role, until_on=clock.today() + timedelta(days=182))
    campaign.__dict__.pop("_parts", None)
    return membership


def build_demand(campaign: Campaign, what: str = "Mend the roof", **given: Any) -> Demand:
    defaults = {"by_on": date(2026, 12, 20), "test": "No water comes in", "who": "The director of homes"}
    return Demand.create(campaign=campaign, what=what, **{**defaults, **given})


def build_letter(campaign: Campaign, *, frozen: bool = False, sent_on: date | None = None, **given: Any) -> Letter:
    """A letter with a greeting, a fact, two demands, a question and a closing; frozen and sent when asked."""
    letter = Letter.create(
        campaign=campaign,
        key=tokens.new_key(),
        target=campaign.target,
        **{"title": "We ask for dry walls", "lead_author": campaign.started_by, **given},
    )
    texts = (
        ("greeting", "Dear Philippa Stroud,", {}),
        ("fact", "31 of our 84 homes have mould.", {"source": "Our list of reports"}),
        ("demand", "Survey every reported home", {"by_on": date(2026, 12, 7), "test": "A report for each home"}),
        ("demand", "Meet us in the community room", {"by_on": date(2026, 12, 14), "test": "You came"}),
        ("question", "When was the roof last inspected?", {}),
        ("closing", "We expect your answer in writing.", {}),
    )
    for position, (kind, text, extra) in enumerate(texts):
        Block.create(letter=letter, kind=kind, position=position, text=text, **extra)
    if frozen or sent_on:
        build_version(letter)
        letter.frozen_at = clock.now()
    if sent_on:
        letter.sent_on = sent_on
    letter.save()
    return letter


def build_item(campaign: Campaign, title: str = "Mould in bedrooms", **given: Any) -> EvidenceItem:
    defaults = {"kind": "reports", "source": "Counted by Kit", "recorded_by": campaign.started_by}
    return EvidenceItem.create(campaign=campaign, title=title, **{**defaults, **given})


def build_own_template(campaign: Campaign, name: str = "When a repair was promised", **given: Any) -> OwnTemplate:
    content = {
        "language": "en",
        "is_formal_complaint": False,
        "headline": "We ask {organization}",
        "blocks": [{"kind": "greeting", "text": "Dear {person},"}, {"kind": "demand", "text": "Come on [the day]."}],
    }
    return OwnTemplate.create(campaign=campaign, name=name, content=json.dumps(content), **given)


def build_version(letter: Letter, number: int = 1) -> LetterVersion:
    blocks = [
        {"id": b.id, "kind": b.kind, "text": b.text, "test": b.test, "by_on": b.by_on, "source": b.source}
        for b in Block.select().where(Block.letter == letter.id, Block.removed_at.is_null()).order_by(Block.position)
    ]
    text = json.dumps([letter.title, blocks], default=str)
    return LetterVersion.create(
        letter=letter,
        number=number,
        canonical_text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        content=json.dumps({"title": letter.title, "blocks": blocks}, default=str),
    )


def build_signature(letter: Letter, name: str = "", *, state: str = "confirmed", **given: Any) -> Signature:
    number = next(_numbers)
    version = letter.versions.order_by(LetterVersion.number.desc()).get()
    email = f"signer{number}@example.org"
    signature = Signature.create(
        letter=letter,
        version=version,
        name=name or f"Signer {number}",
        email=email,
        email_key=email,
        state=state,
        confirmed_at=clock.now() if state == "confirmed" else None,
        **given,
    )
    if state == "confirmed":
        SignedVersion.create(signature=signature, version=version)
    return signature


def ask_circle(letter: Letter, by: Person) -> SignOff:
    """A lead opens a vote of three days on the letter as it stands."""
    return opening.open_vote(letter, seen=letter.version, closes_at=clock.now() + timedelta(hours=72), by=by)


def pass_vote(letter: Letter, *voters: Person) -> SignOff:
    """The first asks, everybody named agrees, and the vote ends."""
    sign_off = ask_circle(letter, voters[0])
    for person in voters:
        voting.cast_vote(sign_off, choice="agree", by=person)
    SignOff.update(closes_at=clock.now()).where(SignOff.id == sign_off.id).execute()
    return closing.settle(sign_off)


def freeze_by_vote(letter: Letter, *voters: Person) -> LetterVersion:
    """Freeze a letter as its circle does: a vote passes, and the first of the voters presses."""
    pass_vote(letter, *voters)
    return freezing.freeze(letter, by=voters[0])


def build_response(letter: Letter, **given: Any) -> Response:
    defaults = {
        "received_on": clock.today(),
        "channel": "email",
        "from_name": "Grant Oakes",
        "text": "We are looking into it.",
    }
    return Response.create(campaign=letter.campaign, letter=letter, **{**defaults, **given})


def build_commitment(campaign: Campaign, what: str = "Fit the fans", **given: Any) -> Commitment:
    return Commitment.create(campaign=campaign, what=what, **{"made_on": clock.today(), **given})


def build_meeting(campaign: Campaign, **given: Any) -> Meeting:
    start = clock.now() + timedelta(days=3)
    defaults = {
        "title": "Meeting of the block",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "where": "Community room",
    }
    return Meeting.create(campaign=campaign, key=tokens.new_key(), **{**defaults, **given})


def build_pair(campaign: Campaign, *, mentor: Person, mentee: Person, accepted: bool = True) -> MentorPair:
    now = clock.now() if accepted else None
    return MentorPair.create(
        campaign=campaign,
        mentor=mentor,
        mentee=mentee,
        proposed_by=mentor,
        purpose="Chairing a meeting",
        mentor_accepted_at=clock.now(),
        mentee_accepted_at=now,
    )
