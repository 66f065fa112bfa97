"""Where a campaign is on its thread: what was written, what came back, what was promised.

Plain facts and pure functions. Lateness and the reply line are worked out when they are read and stored nowhere.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.responses import promises

# What a response has to be for the waiting to end, and what it ends in. Everything else leaves the clock running.
# An answer to a part ends it too: nobody is called late in public who did answer.
DECIDING = {
    "commitment": "promised",
    "done_claimed": "answered",
    "meeting_agreed": "answered",
    "partial": "answered",
    "offer": "answered",
    "refusal": "refused",
}
REPLY_LINES = ("not_written", "waiting", "late", "needs_reading", "answered", "promised", "refused")
# A shorter quiet is no silence: people need days to answer.
SHORTEST_SILENCE = 7


@dataclass(frozen=True)
class LetterFacts:
    """A letter as far as the thread needs it. Withdrawn ones are left out before."""

    id: int
    title: str
    key: str = ""
    chases_id: int | None = None
    is_frozen: bool = False
    sent_on: date | None = None
    answer_due_on: date | None = None
    signature_count: int = 0
    signed_home_count: int = 0


@dataclass(frozen=True)
class ReplyFacts:
    """A response that was logged; `kind` is empty until a person has read it."""

    id: int
    letter_id: int
    received_on: date
    kind: str = ""
    is_published: bool = False
    # What the public page says of it: the members' words, and those of theirs that a lead chose to show.
    public_words: str = ""
    their_words: str = ""


@dataclass(frozen=True)
class ReasonFacts:
    """The rule behind the day by which an answer to a letter is owed: its source, and whether they promise it."""

    letter_id: int
    due_on: date
    title: str
    url: str = ""
    is_their_promise: bool = False


@dataclass(frozen=True)
class PromiseFacts:
    """A promise they made."""

    id: int
    what: str
    due_on: date | None = None
    state: str = "promised"
    settled_on: date | None = None
    is_checked_by_me: bool = False
    claimed_done_on: date | None = None
    fixed_count: int = 0
    not_fixed_count: int = 0

    def is_late(self, on: date) -> bool:
        """Whether its day has passed; only asked of those that are not settled."""
        return self.due_on is not None and self.due_on < on

    def standing(self, today: date) -> str:
        """The word on its card that day, as on the pages of promises."""
        return promises.standing(self, today)


@dataclass(frozen=True)
class PromiseTally:
    """How many promises stand where. `late` counts those past their date and those residents found not kept.

    `looking`: they say that it is done, it is done in part, or residents do not agree. Nothing is late then.
    """

    kept: int = 0
    late: int = 0
    not_due: int = 0
    undated: int = 0
    looking: int = 0

    @property
    def total(self) -> int:
        """All that were not taken back: the denominator."""
        return self.kept + self.late + self.not_due + self.undated + self.looking


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting that is to come, or one that is over and has no minutes yet."""

    id: int
    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str = ""
    yes_count: int = 0


@dataclass(frozen=True)
class VoteFacts:
    """A vote on a letter: open, and whether it waits for the reader; or passed, with nothing frozen yet."""

    letter_id: int
    title: str
    is_open: bool
    waits_for_me: bool
    closes_at: datetime


@dataclass(frozen=True)
class BallotFacts:
    """An open question for the members, and whether it waits for the reader."""

    id: int
    question: str
    waits_for_me: bool
    closes_at: datetime


@dataclass(frozen=True)
class RungFacts:
    """The step of the plan that asks for something: unlocked, voting, agreed or started; and why, in a sentence."""

    id: int
    what: str
    state: str
    why: str = ""
    ballot_id: int = 0


@dataclass(frozen=True)
class AgreementFacts:
    """Something one person asked for that waits for a second one."""

    id: int
    kind: str
    subject_id: int
    asked_by_id: int
    asked_by: str


@dataclass(frozen=True)
class HolderFacts:
    """Somebody who holds a role today."""

    person_id: int
    name: str
    role: str


@dataclass(frozen=True)
class OrganizerFacts:
    """An organizer who helps, with what they declare; or one who was asked and has not answered."""

    person_id: int
    name: str
    declaration: str
    has_accepted: bool = True


@dataclass(frozen=True)
class Thread:
    """Everything the page of one campaign is worked out from."""

    today: date
    now: datetime
    key: str = ""
    state: str = "gathering"
    visibility: str = "circle"
    has_target: bool = True
    demand_count: int = 1
    home_count: int = 0
    member_count: int = 1
    letters: tuple[LetterFacts, ...] = ()
    replies: tuple[ReplyFacts, ...] = ()
    # Of letters whose day comes from a rule. One that has none owes its answer by the day we asked for.
    reasons: tuple[ReasonFacts, ...] = ()
    tally: PromiseTally = field(default_factory=PromiseTally)
    # Not settled and with a date, the earliest first.
    due_promises: tuple[PromiseFacts, ...] = ()
    broken: PromiseFacts | None = None
    next_meeting: MeetingFacts | None = None
    ended_meeting: MeetingFacts | None = None
    agreements: tuple[AgreementFacts, ...] = ()
    votes: tuple[VoteFacts, ...] = ()
    ballots: tuple[BallotFacts, ...] = ()
    rung: RungFacts | None = None
    request_count: int = 0
    requested_by: str = ""
    holders: tuple[HolderFacts, ...] = ()
    organizers: tuple[OrganizerFacts, ...] = ()

    def letter(self, letter_id: int) -> LetterFacts | None:
        """The letter with this id, if it is among them."""
        return next((letter for letter in self.letters if letter.id == letter_id), None)

    def replies_to(self, letter: LetterFacts) -> list[ReplyFacts]:
        """Its replies and those to its chasers, newest first."""
        ids = {letter.id} | {other.id for other in self.letters if other.chases_id == letter.id}
        found = [reply for reply in self.replies if reply.letter_id in ids]
        return sorted(found, key=lambda reply: (reply.received_on, reply.id), reverse=True)

    @property
    def lead_count(self) -> int:
        """How many people lead today."""
        return len({holder.person_id for holder in self.holders if holder.role == "lead"})


@dataclass(frozen=True)
class Reply:
    """The reply line of one letter on one day."""

    line: str
    letter: LetterFacts | None = None
    due_on: date | None = None
    days_late: int = 0
    unread: ReplyFacts | None = None
    decided: ReplyFacts | None = None
    # The day since when nothing has come, while the answer is still owed.
    silent_since: date | None = None
    # The rule that gives `due_on`, where one does and the answer is still owed.
    reason: ReasonFacts | None = None


def reply_to(thread: Thread, letter: LetterFacts) -> Reply:
    """What came back to this letter, as of `thread.today`."""
    if letter.sent_on is None:
        return Reply("not_written", letter)
    replies = thread.replies_to(letter)
    unread = next((reply for reply in replies if not reply.kind), None)
    decided = next((reply for reply in replies if reply.kind in DECIDING), None)
    if unread is not None:
        return Reply("needs_reading", letter, letter.answer_due_on, unread=unread, decided=decided)
    if decided is not None:
        return Reply(DECIDING[decided.kind], letter, letter.answer_due_on, decided=decided)
    since = max([letter.sent_on, *(reply.received_on for reply in replies)])
    due_on = letter.answer_due_on
    late = max(0, (thread.today - due_on).days) if due_on else 0
    reason = next((one for one in thread.reasons if one.letter_id == letter.id and one.due_on == due_on), None)
    return Reply("late" if late else "waiting", letter, due_on, days_late=late, silent_since=since, reason=reason)


def silences(thread: Thread, *, is_inside: bool) -> dict[int, date]:
    """For each reply, by its id, the day since when it was owed: our letter, or their last word that was no answer.

    For people outside, a stretch that begins or ends with an unpublished reply is left out: the page never says that
    nothing came where something is only not shown.
    """
    found: dict[int, date] = {}
    for letter in thread.letters:
        if letter.sent_on is None or letter.chases_id is not None:
            continue
        since, is_clear = letter.sent_on, True
        for reply in reversed(thread.replies_to(letter)):
            if is_inside or (is_clear and reply.is_published):
                found[reply.id] = since
            if not reply.kind or reply.kind in DECIDING:
                break
            since, is_clear = reply.received_on, reply.is_published
    return found


def current_letter(thread: Thread) -> LetterFacts | None:
    """The letter the campaign is busy with: a sent one that needs us, else the newest that chases no other."""
    first_hand = sorted(
        (letter for letter in thread.letters if letter.chases_id is None), key=lambda letter: -letter.id
    )
    for letter in first_hand:
        if letter.sent_on and reply_to(thread, letter).line in {"late", "needs_reading"}:
            return letter
    return first_hand[0] if first_hand else None


def reply_line(thread: Thread) -> Reply:
    """The reply line of the whole campaign: that of the newest letter that left, unless an older one needs us."""
    current = current_letter(thread)
    if current is not None and current.sent_on is None:
        sent = [letter for letter in thread.letters if letter.sent_on and letter.chases_id is None]
        current = max(sent, key=lambda letter: letter.id, default=current)
    return reply_to(thread, current) if current is not None else Reply("not_written")


def chaser_of(thread: Thread, letter: LetterFacts) -> LetterFacts | None:
    """The newest letter that chases this one; where none says so, the newest that was begun after it."""
    said = [other for other in thread.letters if other.chases_id == letter.id]
    later = [other for other in thread.letters if other.id > letter.id and other.chases_id is None]
    return max(said or later, key=lambda other: other.id, default=None)


def is_within(day: date, today: date, *, days: int) -> bool:
    """Whether `day` is today or at most so many days away."""
    return today <= day <= today + timedelta(days=days)
