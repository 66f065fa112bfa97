"""Logging what came back, reading it, and showing it to the public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal import clock
from portal.campaigns import activity
from portal.campaigns.models import Activity
from portal.campaigns.publishing.operations import refuse_while_paused
from portal.database import transaction
from portal.errors import RuleBroken
from portal.language import format_day
from portal.letters.models import Letter
from portal.people.models import Person
from portal.responses import queries, reading
from portal.responses.answers import silence, together
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.models import GONE, Answer, Commitment, Response, ResponseFile
from portal.storage import StoredFile


@dataclass(frozen=True)
class Verdict:
    """What a reader found for one ask: a verdict of VERDICTS, their words with the page, the day they promised, and how
    sure the reader is (one of CONFIDENCES, "" where nobody asked)."""

    verdict: str
    excerpt: str = ""
    promised_on: date | None = None
    confidence: str = ""
    page: int | None = None


def log_response(
    letter: Letter,
    *,
    by: Person,
    channel: str,
    received_on: date,
    from_name: str = "",
    text: str = "",
    file: StoredFile | None = None,
    more_files: Sequence[StoredFile] = (),
) -> Response:
    """Keep an answer to a letter. What it means stays open until somebody reads it; nobody outside sees it.

    `file` is the original, stored before, and `more_files` what came with it, such as the further pages. Raises
    RuleBroken when the letter was not sent, the day is before that or in the future, or there is neither text nor file.
    """
    if letter.sent_on is None:
        raise RuleBroken(_("This letter has not been sent yet. Record how it went out first"))
    if received_on > clock.today():
        raise RuleBroken(_("The day it came must be today or earlier"), field="received_on")
    if received_on < letter.sent_on:
        day = format_day(letter.sent_on)
        raise RuleBroken(
            _("The letter went out on %(day)s. The answer cannot have come before", day=day), field="received_on"
        )
    if not text and file is None:
        raise RuleBroken(_("Paste or type what they said, or add the file"), field="text")
    with transaction():
        response = Response.create(
            campaign=letter.campaign,
            letter=letter,
            channel=channel,
            received_on=received_on,
            from_name=from_name,
            text=text,
            file=file,
            logged_by=by,
        )
        if file is not None:
            ResponseFile.create(response=response, file=file, role="original")
        for one in more_files:
            ResponseFile.create(response=response, file=one, role="attachment")
        activity.record(
            letter.campaign,
            "response_logged",
            by=by,
            about=response,
            on=received_on,
            channel=channel,
            letter_id=letter.id,
            letter_title=letter.title,
        )
        silence.review(letter)
    return response


def read_response(response: Response, *, by: Person, kind: str, sheet: Mapping[int, Verdict]) -> None:
    """Say what kind of answer it is and save the reader's whole sheet, by block.

    Reading again replaces the own sheet; other readers' stay as they are, and what was settled about a row that this
    reader now reads otherwise no longer holds. Raises RuleBroken unless every ask of the letter has a verdict, or when
    the portal noted it itself.
    """
    if response.channel == "noted":
        raise RuleBroken(_("The portal noted this day itself. There is nothing to read"))
    asks = queries.asks_of(response)
    missing = [ask for ask in asks if ask.block_id not in sheet]
    if missing:
        raise RuleBroken(_("Say what they answered to every demand and question"))
    now = clock.now()
    with transaction():
        # Raising the campaign's version first takes its row: two readers who save at once do so one after the other.
        response.campaign.touch()
        is_first = not Answer.select().where(Answer.response == response.id, Answer.reader == by.id).exists()
        together.unsettle_changed(response, {key: found.verdict for key, found in sheet.items()}, kind, by=by)
        response.kind = together.save_kind(response, kind, by=by)
        is_news = (
            Response.update(read_by=by.id, read_at=now)
            .where(Response.id == response.id, Response.read_at.is_null())
            .execute()
        )
        for ask in asks:
            _save_answer(response, ask.block_id, sheet[ask.block_id], by=by)
        if is_news:
            response.read_by, response.read_at = by, now
        if is_news or (is_first and asks):
            counts = reading.count(queries.sheet_rows(response))
            activity.record(
                response.campaign,
                "response_read",
                by=by,
                about=response,
                kind=response.kind,
                demands=counts.demands,
                questions=counts.questions,
                asked=counts.asked,
                answered=counts.answered,
            )
        response.letter.campaign = response.campaign
        keep_deadlines(response.letter, by=by)


def _save_answer(response: Response, block_id: int, found: Verdict, *, by: Person) -> None:
    saved = {
        "verdict": found.verdict,
        "excerpt": found.excerpt,
        "promised_on": found.promised_on,
        "confidence": found.confidence,
        "page": found.page,
        "read_at": clock.now(),
    }
    Answer.insert(response=response.id, block=block_id, reader=by.id, **saved).on_conflict(
        conflict_target=[Answer.response, Answer.block, Answer.reader], update=saved
    ).execute()


def publish_response(response: Response, *, by: Person, public_words: str) -> None:
    """Show everybody who may see the campaign: the lead's words, the verdicts as they stand now, and the promises.

    The original, the excerpts and the readers' names stay inside. Publishing again brings words, verdicts and promises
    up to date. Raises RuleBroken when nobody has read it yet or there are no words.
    """
    if not public_words:
        raise RuleBroken(_("Write what the public page should say"), field="public_words")
    with transaction():
        response.campaign.touch()
        refuse_while_paused(response.campaign)
        now = clock.now()
        rows = queries.sheet_rows(response)
        published = (
            Response.update(
                published_by=by.id, published_at=now, public_words=public_words, public_sheet=reading.public_sheet(rows)
            )
            .where(Response.id == response.id, Response.read_at.is_null(False))
            .execute()
        )
        if not published:
            raise RuleBroken(_("Read the answer into the sheet first. Then you know what you publish"))
        _show_promises(response, are_public=True)
        activity.publish(response)
    response.published_by, response.published_at, response.public_words = by, now, public_words


def unpublish_response(response: Response, *, by: Person) -> None:
    """Take a response, its promises and its timeline lines back into the circle. The words are kept for another time.

    Raises RuleBroken when it is not public.
    """
    with transaction():
        response.campaign.touch()
        taken = (
            Response.update(published_by=None, published_at=None, public_sheet="")
            .where(Response.id == response.id, Response.published_at.is_null(False))
            .execute()
        )
        if not taken:
            raise RuleBroken(_("This answer is not public. There is nothing to take back"))
        _show_promises(response, are_public=False)
        Activity.update(is_public=False).where(
            Activity.subject_kind == "response", Activity.subject_id == response.id
        ).execute()
    response.published_by = response.published_at = None


def _show_promises(response: Response, *, are_public: bool) -> None:
    """The promises found in a response, and their timeline lines, go in and out of the public with it."""
    of_this = (Commitment.response == response.id) & Commitment.state.not_in(GONE)
    if not are_public:
        of_this = Commitment.response == response.id
    Commitment.update(is_public=are_public).where(of_this).execute()
    Activity.update(is_public=are_public).where(
        Activity.subject_kind == "commitment", Activity.subject_id.in_(Commitment.select(Commitment.id).where(of_this))
    ).execute()
