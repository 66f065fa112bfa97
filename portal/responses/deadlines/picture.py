"""The response clock as a picture: a lane for each clock and each demand, what came on it, and where we are today.

Pure: facts in, places in per cent out. Nothing here asks the database; the words for the screen are in pictured_words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.deadlines.calendars import Calendar
from portal.responses.deadlines.cards import Card
from portal.responses.reading import ANSWERED, Ask

# The picture's own edge, in per cent, so that a mark on the first or last day is not cut.
EDGE = 4.0
# Marks nearer than this, in per cent, would lie on each other on a phone: the later one is put beside, in pixels.
NEAR, BESIDE = 4.5, 15
# More demands than this are told in the table, not drawn.
MOST_ASKS = 8
# kind of answer → sign of its mark
SIGNS = {
    "acknowledgement": "ack",
    "holding": "holding",
    "request_info": "holding",
    "vague_promise": "holding",
    "auto_reply": "other",
    "bounce": "other",
    "legal_threat": "other",
    "silence": "other",
    "correction": "other",
    "": "unread",
}


@dataclass(frozen=True)
class Came:
    """Something that happened on a day: our letter ("sent"), or an answer of a kind ("" while nobody has read it).

    `verdicts` are what the first reader found, by the id of what was asked.
    """

    day: date
    kind: str
    verdicts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """A sign on a lane. `name` is the kind of answer or the verdict, `sign` how it is drawn."""

    day: date
    sign: str
    name: str
    at: float = 0.0
    beside: int = 0


@dataclass
class Lane:
    """One line of the picture. Exactly one of `card` and `ask` is there; the first lane is the one of the letter."""

    card: Card | None
    ask: Ask | None
    start: date
    due: date | None
    # The date before they were given more time, or before a person set another.
    first_due: date | None
    # The day on which it was answered; None while it is owed.
    ended: date | None
    marks: list[Mark]
    late_days: int = 0
    late_working_days: int = 0
    # Places from 0 to 100.
    start_at: float = 0.0
    due_at: float = 0.0
    first_due_at: float = 0.0
    late_to: float = 0.0

    @property
    def is_late(self) -> bool:
        """Whether its date has passed and it is still owed."""
        return self.late_days > 0 and self.ended is None


@dataclass(frozen=True)
class Picture:
    """All lanes on one scale, from `first` to `last`."""

    lanes: list[Lane]
    first: date
    last: date
    today: date
    today_at: float
    # How many demands and questions are not drawn.
    left_out: int = 0

    @property
    def main(self) -> Lane:
        """The lane of the answer to the letter: what the finding speaks of."""
        return self.lanes[0]

    @property
    def signs(self) -> list[str]:
        """The signs that are drawn, for the key, in the order in which they first come."""
        return list(dict.fromkeys(mark.sign for lane in self.lanes for mark in lane.marks))


def working_days_after(due: date, until: date, calendar: Calendar) -> int:
    """How many working days lie after `due`, up to and with `until`."""
    days = (until - due).days
    return sum(calendar.is_working(due + timedelta(days=n)) for n in range(1, days + 1))


def main_card(cards: Iterable[Card]) -> Card | None:
    """The clock that the letter's lane shows: the nearest answer that is owed, else the last that was; else None."""
    running = [card for card in cards if card.deadline.awaits == "answer" and card.deadline.holds_on is not None]
    owed = [card for card in running if card.deadline.satisfied_on is None]
    chosen = owed or running[-1:]
    return min(chosen, key=lambda card: (card.deadline.holds_on, card.deadline.id), default=None)


def draw(
    *, sent_on: date, cards: list[Card], asks: list[Ask], came: list[Came], calendars: dict[str, Calendar], today: date
) -> Picture | None:
    """The picture of one letter on a day; None when no clock for its answer runs.

    `came` holds what happened, oldest first; `cards` the clocks that may be shown.
    """
    main = main_card(cards)
    if main is None:
        return None
    others = [card for card in cards if card is not main and card.deadline.holds_on is not None]
    lanes = [_clock_lane(main, sent_on, _letter_marks(came))]
    lanes += [_clock_lane(card, card.deadline.trigger_on or sent_on, []) for card in others]
    due = main.deadline.holds_on
    lanes += [_ask_lane(ask, sent_on, due, came) for ask in asks[:MOST_ASKS]]
    calendar = calendars[main.rule.calendar]
    for lane in lanes:
        _count_late(lane, calendars[lane.card.rule.calendar] if lane.card else calendar, today)
    return _placed(lanes, today, left_out=max(0, len(asks) - MOST_ASKS))


def _letter_marks(came: list[Came]) -> list[Mark]:
    return [Mark(one.day, "sent" if one.kind == "sent" else SIGNS.get(one.kind, "answer"), one.kind) for one in came]


def _clock_lane(card: Card, start: date, marks: list[Mark]) -> Lane:
    deadline = card.deadline
    due = deadline.holds_on
    first_due = deadline.due_on if deadline.due_on != due else None
    # A clock that ends on the day of an answer which nobody showed here keeps its own sign.
    if not marks and deadline.satisfied_on is not None:
        kind = deadline.awaits if deadline.awaits in SIGNS else "done"
        marks = [Mark(deadline.satisfied_on, SIGNS.get(kind, "answer"), kind)]
    return Lane(card, None, start, due, first_due, deadline.satisfied_on, marks)


def _ask_lane(ask: Ask, start: date, due: date | None, came: list[Came]) -> Lane:
    """What was said to one demand. That a mere "we have it" says nothing to it is no news, and not drawn."""
    found = [
        (one.day, one.verdicts[ask.block_id])
        for one in came
        if ask.block_id in one.verdicts and (one.verdicts[ask.block_id] in ANSWERED or one.kind not in SIGNS)
    ]
    answered = next((day for day, verdict in found if verdict in ANSWERED), None)
    return Lane(None, ask, start, due, None, answered, [Mark(day, verdict, verdict) for day, verdict in found])


def _count_late(lane: Lane, calendar: Calendar, today: date) -> None:
    until = lane.ended or today
    if lane.due is not None and until > lane.due:
        lane.late_days = (until - lane.due).days
        lane.late_working_days = working_days_after(lane.due, until, calendar)


def _placed(lanes: list[Lane], today: date, *, left_out: int) -> Picture:
    days = [today]
    for lane in lanes:
        days += [day for day in (lane.start, lane.due, lane.first_due, lane.ended) if day is not None]
        days += [mark.day for mark in lane.marks]
    first, last = min(days), max(days)
    span = max(1, (last - first).days)

    def place(day: date) -> float:
        return round(EDGE + (100 - 2 * EDGE) * (day - first).days / span, 2)

    for lane in lanes:
        due = lane.due or lane.start
        lane.start_at, lane.due_at = place(lane.start), place(max(due, lane.start))
        lane.first_due_at = place(lane.first_due) if lane.first_due else 0.0
        lane.late_to = place(lane.ended or today) if lane.late_days else 0.0
        placed: list[Mark] = []
        for mark in sorted(lane.marks, key=lambda one: one.day):
            at = place(mark.day)
            before = placed[-1] if placed else None
            beside = before.beside + BESIDE if before is not None and at - before.at < NEAR else 0
            # Those put beside each other hang on the first of them.
            placed.append(Mark(mark.day, mark.sign, mark.name, before.at if before and beside else at, beside))
        lane.marks = placed
    return Picture(lanes, first, last, today, place(today), left_out)
