"""One campaign with one of everything in it, for tests that walk every address as every kind of person."""

import json
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from portal import clock, storage, tokens
from portal.campaigns.models import Agreement, Attachment, Campaign, Demand, Invitation, JoinRequest, Membership, Role
from portal.casefiles.models import CaseFile
from portal.deadlines.models import OneOffDay
from portal.decisions.models import Ballot, BallotElector, BallotVote
from portal.escalation.models import Rung
from portal.evidence.models import EvidenceItem
from portal.inbound.models import BelievedDomain, Bounce, InboundFile, InboundMail
from portal.letters.copies.models import Translation
from portal.letters.editions.models import LetterRevision
from portal.letters.models import Block, Delivery, Letter, Signature
from portal.letters.operations import keep_revision
from portal.letters.talk.models import Comment, Suggestion
from portal.letters.votes.models import Elector, SignOff, Vote
from portal.meetings.models import Attendance, Decision, Meeting, Rsvp, Undertaking
from portal.mentoring.models import MentorPair, PlanStep
from portal.negotiations.models import Fallback, HandCount, RoomQuestion
from portal.outbox import OutgoingMail
from portal.people.models import Person, SignIn
from portal.places.models import Building, Home
from portal.records.finding import Record
from portal.records.models import Correction, RecordProposal
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.deadlines.models import Deadline
from portal.responses.models import Answer, Commitment, CommitmentCheck, Response, ResponseFile
from tests import builders
from tests.cast import Cast, make_person


class World:
    """A campaign whose letter is frozen and sent, with a response, promises, a meeting and a mentor pair."""

    def __init__(self, cast: Cast, *, visibility: str) -> None:
        self.cast = cast
        self.drafter = make_person("Dee Drafter")
        self.captain = make_person("Kit Captain")
        self.secretary = make_person("Sal Secretary")
        self.asked_organizer = make_person("Una Organizer")
        self.campaign: Campaign = builders.build_campaign(
            leads=[cast.amina, cast.ben],
            members=[cast.cerys],
            organizer=cast.ola,
            visibility=visibility,
            floors=2,
            homes_per_floor=2,
        )
        builders.add_member(self.campaign, self.drafter, "drafter")
        builders.add_member(self.campaign, self.captain, "door_captain")
        builders.add_member(self.campaign, self.secretary, "secretary")
        self.asked = Attachment.create(campaign=self.campaign, person=self.asked_organizer, asked_by=cast.amina)
        builders.build_campaign(leads=[cast.dov], title="Somewhere else")
        self.make_things()
        self.people: dict[str, Any] = {
            "visitor": None,
            "stranger": cast.nia,
            "lead elsewhere": cast.dov,
            "member": cast.cerys,
            "lead": cast.amina,
            "drafter": self.drafter,
            "door captain": self.captain,
            "secretary": self.secretary,
            "organizer": cast.ola,
            "asked organizer": self.asked_organizer,
        }

    def make_things(self) -> None:
        campaign, cast = self.campaign, self.cast
        self.demand: Demand = builders.build_demand(campaign)
        self.letter: Letter = builders.build_letter(campaign, sent_on=date(2026, 11, 20))
        for block in self.letter.blocks:
            keep_revision(block, by=cast.amina, change="began")
        self.version = self.letter.versions.get()
        self.block = self.letter.blocks.where(Block.kind == "demand").order_by(Block.position).first()
        self.sign_off = SignOff.create(
            letter=self.letter, number=1, sha256="0" * 64, closes_at=clock.now() + timedelta(days=2), elector_count=1
        )
        Elector.create(sign_off=self.sign_off, person=cast.cerys)
        self.vote = Vote.create(
            sign_off=self.sign_off, person=cast.cerys, choice="worry", reason="The lift", entered_by=cast.ben
        )
        self.rung = Rung.create(campaign=campaign, kind="press", what="Tell the Echo", trigger="before")
        self.ballot = Ballot.create(
            campaign=campaign, kind="yes_no", question="Do we?", options="[]", closes_at=clock.now() + timedelta(days=2)
        )
        BallotElector.create(ballot=self.ballot, person=cast.cerys)
        self.paper = BallotVote.create(ballot=self.ballot, person=cast.cerys, choice=0, entered_by=cast.ben)
        self.item = builders.build_item(campaign)
        self.translation = Translation.create(
            letter=self.letter, version=self.version, language="so", checked_at=clock.now(), title="Waxaan codsanaynaa"
        )
        self.own_template = builders.build_own_template(campaign)
        self.fact = self.letter.blocks.where(Block.kind == "fact").first()
        self.signature: Signature = builders.build_signature(self.letter, "Rosa Hidden")
        LetterRevision.create(letter=self.letter, number=1, arrangement=f"[[{self.block.id}, 1]]", title="x")
        self.suggestion = Suggestion.create(
            letter=self.letter, kind="replace", block=self.block, block_kind="demand", based_on=1, by=cast.cerys
        )
        self.comment = Comment.create(letter=self.letter, block=self.block, by=cast.cerys, text="Too long")
        paper = storage.keep_bytes(b"%PDF-1.7 the letter", name="letter.pdf")
        mail = OutgoingMail.create(
            kind="letter",
            to="complaints@meridale.example",
            subject="x",
            source=b"x",
            message_id=tokens.new_key(),
            dedupe_key=tokens.new_key(),
            is_letter=True,
            state="unknown",
        )
        self.delivery = Delivery.create(
            campaign=campaign,
            letter=self.letter,
            version=self.version,
            channel="email",
            mail=mail,
            paper=paper,
            proof=paper,
            happened_on=date(2026, 11, 20),
        )
        self.response: Response = builders.build_response(self.letter, file=paper)
        self.answer = Answer.create(
            response=self.response, block=self.block, reader=cast.amina, verdict="yes", promised_on=date(2026, 12, 1)
        )
        self.file = ResponseFile.create(response=self.response, file=paper, role="original")
        self.make_mail(paper)
        keep_deadlines(self.letter)
        self.deadline = Deadline.get(Deadline.letter == self.letter.id)
        Deadline.update(proof=paper).where(Deadline.id == self.deadline.id).execute()
        self.day_off = OneOffDay.create(calendar="gb-sct", day=date(2027, 6, 16), name="A day off")
        self.commitment: Commitment = builders.build_commitment(campaign, response=self.response)
        photo = storage.keep_bytes(b"\xff\xd8\xff a fan", name="fan.jpg")
        self.check = CommitmentCheck.create(
            commitment=self.commitment, voice="person:0", person=cast.ben, verdict="fixed", photo=photo
        )
        self.meeting: Meeting = builders.build_meeting(
            campaign, is_open=campaign.visibility != "circle", starts_at=clock.now() - timedelta(hours=1)
        )
        self.rsvp = Rsvp.create(meeting=self.meeting, name="Rosa", answer="yes", nonce=tokens.new_key())
        self.attendance = Attendance.create(meeting=self.meeting, name="Rosa", rsvp=self.rsvp)
        Decision.create(meeting=self.meeting, text="We go on")
        self.undertaking = Undertaking.create(
            campaign=campaign, meeting=self.meeting, person=cast.cerys, who="Cerys", what="Print the posters"
        )
        self.fallback = Fallback.create(meeting=self.meeting, what="We go to the Echo", rung=self.rung)
        self.question = RoomQuestion.create(meeting=self.meeting, text="When?")
        self.hands = HandCount.create(
            campaign=campaign, meeting=self.meeting, question="Do we?", yes_count=3, no_count=1, counted_by="Cerys"
        )
        self.pair: MentorPair = builders.build_pair(campaign, mentor=cast.ola, mentee=cast.cerys)
        self.step = PlanStep.create(pair=self.pair, text="Chair ten minutes")
        self.agreement = Agreement.create(
            campaign=campaign, kind="go_public", asked_by=cast.ben, terms='{"visibility": "public"}'
        )
        self.sending = Agreement.create(
            campaign=campaign,
            kind="send_letter",
            subject_id=self.letter.id,
            asked_by=cast.ben,
            terms=json.dumps(
                {
                    "version": self.version.id,
                    "channel": "post",
                    "to_name": "x",
                    "to_address": "y",
                    "happened_on": "2026-11-23",
                }
            ),
        )
        self.case_file = CaseFile.create(
            campaign=campaign,
            letters=f"[{self.letter.id}]",
            asked_by=cast.ben,
            state="done",
            archive=paper,
            paper=paper,
        )
        self.private_case = Agreement.create(
            campaign=campaign,
            kind="casefile_private",
            asked_by=cast.ben,
            terms=json.dumps({"letters": [self.letter.id], "from_on": None, "until_on": None}),
        )
        self.invitation = Invitation.create(
            campaign=campaign, nonce=tokens.new_key(), made_by=cast.cerys, expires_at=clock.now() + timedelta(days=14)
        )
        self.proposal = RecordProposal.create(
            organization=campaign.target.organization, subject="website", becomes="https://meridale.example/"
        )
        self.correction = Correction.create(
            campaign=campaign,
            statement="x",
            right="y",
            name="Grant Oakes",
            nonce=tokens.new_key(),
            state="confirmed",
            file=paper,
        )
        self.request = JoinRequest.create(campaign=campaign, person=make_person("Jo Joiner"), words="I live in 2A")

    def make_mail(self, file: Any) -> None:
        """A mail that waits for a lead's word, one in the holding pen, a bounce and a domain that is believed."""
        given = {"file": file, "recipient": "x@reply.example.org", "sha256": "0" * 64, "state": "sorted"}
        of_letter = {"campaign": self.campaign, "letter": self.letter, "sort": "unverified"}
        self.mail = InboundMail.create(address_key="a", **of_letter, **given)
        InboundFile.create(mail=self.mail, file=storage.keep_bytes(b"a plan", name="plan.txt"), position=1)
        self.held = InboundMail.create(address_key="b", sort="held", **given)
        self.bounce = Bounce.create(delivery=self.delivery, action="failed")
        self.believed = BelievedDomain.create(
            campaign=self.campaign, organization=self.campaign.target.organization, domain="else.example"
        )

    @cached_property
    def rows_of_others(self) -> dict[str, Any]:
        """Rows that making the campaign made along the way. Every asking is rolled back, so they stay as they are."""
        membership = Membership.get(Membership.campaign == self.campaign.id, Membership.person == self.cast.cerys.id)
        home = Home.select().join(Building).where(Building.place == self.campaign.place_id).first()
        role = Role.select().join(Membership).where(Membership.person == self.drafter.id).first()
        return {"home_id": home.id, "building_id": home.building_id, "membership_id": membership.id, "role_id": role.id}

    def own_sign_in(self, person: Person | None) -> int:
        """The sign-in that stands on this person's own page."""
        own = SignIn.select().where(SignIn.person == person.id).first() if person else None
        return own.id if own else 1

    def values(self, endpoint: str, own_sign_in: int) -> dict[str, Any]:
        """What to put into the address of `endpoint`. A new kind of part must be added here."""
        sending = endpoint.startswith(("sending.", "deliveries."))
        return {
            "key": self.campaign.key,
            "letter_id": self.letter.id,
            "letter_key": self.letter.key,
            **self.rows_of_others,
            "block_id": self.fact.id if endpoint.startswith("resting.") else self.block.id,
            "item_id": self.item.id,
            "translation_id": self.translation.id,
            "template_id": self.own_template.id,
            "language": "so",
            "demand_id": self.demand.id,
            "request_id": self.request.id,
            "attachment_id": self.asked.id,
            "invitation_id": self.invitation.id,
            "agreement_id": self.private_case.id
            if endpoint.startswith("casefiles.")
            else self.sending.id
            if sending
            else self.agreement.id,
            "casefile_id": self.case_file.id,
            "part": "archive",
            "visibility": "link",
            "vote_id": self.vote.id,
            "ballot_id": self.ballot.id,
            "paper_id": self.paper.id,
            "rung_id": self.rung.id,
            "signature_id": self.signature.id,
            "delivery_id": self.delivery.id,
            "response_id": self.response.id,
            "answer_id": self.answer.id,
            "file_id": self.file.id,
            "commitment_id": self.commitment.id,
            "check_id": self.check.id,
            "deadline_id": self.deadline.id,
            "day_id": self.day_off.id,
            "inbound_id": self.mail.id,
            "held_id": self.held.id,
            "bounce_id": self.bounce.id,
            "domain_id": self.believed.id,
            "position": 1,
            "meeting_key": self.meeting.key,
            "meeting_id": self.meeting.id,
            "rsvp_id": self.rsvp.id,
            "attendance_id": self.attendance.id,
            "undertaking_id": self.undertaking.id,
            "fallback_id": self.fallback.id,
            "question_id": self.question.id,
            "count_id": self.hands.id,
            "pair_id": self.pair.id,
            "organization_id": self.campaign.target.organization_id,
            "proposal_id": self.proposal.id,
            "correction_id": self.correction.id,
            "subject": "website",
            "step_id": self.step.id,
            "sign_in_id": own_sign_in,
            "which": "paper" if sending else {"papers": "press", "press": "letter"}.get(endpoint.split(".")[0], "done"),
            "revision_id": 1,
            "suggestion_id": self.suggestion.id,
            "comment_id": self.comment.id,
            "answer": "yes",
            "version": 1,
            "number": 1,
            "mail_id": self.delivery.mail_id,
            "code": 404,
            "channel": "post",
            "name": "letter",
            "step": "keep",
        }

    def thing(self, names: set[str]) -> Any:
        """What a route with these address parts is about."""
        if "pair_id" in names:
            return self.pair
        if "organization_id" in names:
            return self.record
        if "item_id" in names:
            return EvidenceItem.get_by_id(self.item.id)
        if "undertaking_id" in names:
            return self.kept(Undertaking, self.undertaking.id)
        if "meeting_key" in names:
            return self.kept(Meeting, self.meeting.id)
        if names & {"key", "letter_key"}:
            return self.kept(Campaign, self.campaign.id)
        return None

    @cached_property
    def record(self) -> Record:
        """The record of the organization that the campaign writes to."""
        return Record(self.campaign.target.organization)

    @cache  # noqa: B019 - a world lives as long as its test
    def kept(self, model: Any, row_id: int) -> Any:
        """The row as it is kept, read once: every asking is rolled back, so it stays as it is."""
        return model.get_by_id(row_id)
