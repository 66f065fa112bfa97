"""Letters and what comes back: sent, answered, and the promises in the answers. writing.py has the writing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import peewee

from portal import storage
from portal.campaigns.models import Agreement, Campaign
from portal.demo.acts import Circle
from portal.demo.originals import original
from portal.demo.writing import Writing
from portal.letters import blocks, operations, sending
from portal.letters.editions import later
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Block, Delivery, Letter, LetterVersion, ReplyAddress, Signature
from portal.outbox import OutgoingMail
from portal.responses import operations as answers
from portal.responses import promise_operations as promises
from portal.responses import queries
from portal.responses.deadlines import operations as deadlines
from portal.responses.deadlines.keeping import keep_deadlines
from portal.responses.models import Commitment, Response


class Post(Writing):
    """One letter of a campaign: written, sent, answered."""

    # ---- a later version ----

    def mend_typo(
        self, part: str, words: tuple[str, str], when: tuple[int, str], *, asked_by: str, agreed_by: str, note: str
    ) -> None:
        """Two leads mend a typo in the frozen text, within the half hour: whoever signed stays under it."""
        begin = self.stage.moment(*when)
        asker, agreer = self.company[asked_by], self.company[agreed_by]
        with self.stage.at_moment(begin):
            later.reopen(self.letter, by=asker, why=note)
            block = self.part(part)
            mended = replace(blocks.Words.of(block), text=block.text.replace(*words))
            blocks.save_block(block, mended, seen=block.version, by=asker, why=note)
            letter = self.letter
            later.ask_typo(letter, seen=letter.version, note=note, by=asker)
        with self.stage.at_moment(begin + timedelta(minutes=25)):
            later.agree_typo(self.letter, by=agreer)

    # ---- sending ----

    def send(self, offset: int, hours: tuple[str, str], *, asked_by: str, agreed_by: str, **terms: Any) -> None:
        """One lead asks, another agrees: by e-mail it goes into the outbox, otherwise it is on record."""
        if terms["channel"] != "email":
            terms["happened_on"] = self.stage.day(terms.pop("happened", offset))
        with self.stage.at(offset, hours[0]):
            asking = sending.ask_to_send(self.letter, by=self.company[asked_by], **terms)
        with self.stage.at(offset, hours[1]):
            self._reply_token()
            sending.agree_to_send(Agreement.get_by_id(asking.id), self.letter, by=self.company[agreed_by])
            self._count_as_sent()
            keep_deadlines(self.letter)

    def _count_as_sent(self) -> None:
        """The mail of a letter counts as sent at once; every other mail of the demo was never meant to leave."""
        mails = Delivery.select(Delivery.mail).where(Delivery.letter == self.id, Delivery.mail.is_null(False))
        OutgoingMail.update(
            state="sent", sent_at=OutgoingMail.created_at, attempt_count=1, last_reply="250", due_at=None
        ).where(OutgoingMail.id.in_(mails)).execute()

    def choose_rules(self, rule_ids: Collection[str], offset: int, hour: str, *, by: str) -> None:
        """Somebody chooses which clocks run for the letter."""
        with self.stage.at(offset, hour):
            deadlines.choose_rules(self.letter, rule_ids, by=self.company[by])

    def _reply_token(self) -> None:
        letter = self.letter
        if letter.target_id is not None and not letter.reply_addresses.exists():
            sending.reply_address(letter)
            token = self.stage.dice.randbytes(13).hex()
            ReplyAddress.update(token=token).where(ReplyAddress.letter == letter.id).execute()

    # ---- what comes back ----

    def log(
        self,
        offset: int,
        *,
        logged: tuple[int, str],
        by: str,
        channel: str,
        from_name: str,
        text: str = "",
        file: str = "",
    ) -> Response:
        """Somebody logs what came on the day `offset`, with its original from texts/."""
        with self.stage.at(*logged):
            kept = storage.keep_bytes(original(self.stage, file), name=file) if file else None
            return answers.log_response(
                self.letter,
                by=self.company[by],
                channel=channel,
                received_on=self.stage.day(offset),
                from_name=from_name,
                text=self.stage.words(text),
                file=kept,
            )

    def read(
        self,
        response: Response,
        when: tuple[int, str],
        *,
        by: str,
        kind: str,
        verdicts: str = "",
        notes: dict[int, tuple[str, int | None]] | None = None,
    ) -> None:
        """Somebody reads it into the sheet. `verdicts` has a letter for each ask (see VERDICTS), all "0" when short;
        `notes` holds, by the number of the ask from 0, the words copied and the day promised."""
        with self.stage.at(*when):
            now = self._as_found(response)
            asks = queries.asks_of(now)
            rows = zip(asks, verdicts or "0" * len(asks), strict=True)
            sheet = {}
            for nth, (ask, letter) in enumerate(rows):
                excerpt, by_on = (notes or {}).get(nth, ("", None))
                promised = None if by_on is None else self.stage.day(by_on)
                sheet[ask.block_id] = answers.Verdict(VERDICTS[letter], self.stage.words(excerpt), promised)
            answers.read_response(now, by=self.company[by], kind=kind, sheet=sheet)

    def publish(self, response: Response, when: tuple[int, str], *, by: str, words: str) -> None:
        """A lead shows it to everybody, in the circle's words."""
        with self.stage.at(*when):
            now = self._as_found(response)
            answers.publish_response(now, by=self.company[by], public_words=self.stage.words(words))

    def _as_found(self, response: Response) -> Any:
        """The response with the text that it answers, as its page finds it."""
        return queries.responses_of(self.circle.campaign).where(Response.id == response.id).get()

    def asks(self) -> list[int]:
        """The ids of what was asked, in its order."""
        version = sending.newest_version(self.letter)
        return [ask.block_id for ask in queries.reading.asks_in(version.content)]


VERDICTS = {"y": "yes", "p": "partly", "n": "no", "0": "not_answered", "?": "unclear"}


def start_letter(
    circle: Circle,
    offset: int,
    hour: str,
    *,
    by: str,
    template: str,
    demands: Sequence[str] | None = None,
    chases: Letter | None = None,
) -> Post:
    """Somebody starts a letter. With `demands` only those of the campaign's demands that begin so are in it."""
    with circle.stage.at(offset, hour):
        letter = operations.start_letter(circle.campaign, template_name=template, by=circle.company[by])
    Letter.update(key=circle.stage.key(), chases=chases).where(Letter.id == letter.id).execute()
    if demands is not None:
        # Taken out before anybody saw the letter, so that they do not stand among its removed parts.
        for block in list(letter.blocks.where(Block.kind == "demand")):
            if not block.text.startswith(tuple(demands)):
                block.delete_instance(recursive=True)
    return Post(circle, letter)


def promise(
    circle: Circle,
    when: tuple[int, str],
    *,
    by: str,
    what: str,
    made: int,
    due: int | None = None,
    response: Response | None = None,
    block_id: int | None = None,
) -> Commitment:
    """Somebody writes down a promise they made."""
    stage = circle.stage
    with stage.at(*when):
        return promises.add_promise(
            circle.campaign,
            by=circle.company[by],
            what=what,
            made_on=stage.day(made),
            due_on=None if due is None else stage.day(due),
            response=response,
            block_id=block_id,
        )


def claim(circle: Circle, commitment: Commitment, when: tuple[int, str], *, by: str, done: int) -> None:
    """They say that it is done."""
    with circle.stage.at(*when):
        promises.note_claim(
            Commitment.get_by_id(commitment.id), by=circle.company[by], claimed_done_on=circle.stage.day(done)
        )


def check(circle: Circle, commitment: Commitment, rows: Sequence[tuple[tuple[int, str], str, str, str]]) -> None:
    """Residents look: (when, who, verdict, note), in the order of their hours."""
    for when, name, verdict, note in rows:
        with circle.stage.at(*when):
            promises.check_promise(
                Commitment.get_by_id(commitment.id), by=circle.company[name], verdict=verdict, note=note
            )


def recount(campaign: Campaign) -> None:
    """Bring the counters in step with rows that were written directly."""
    counted = Signature.state == "confirmed", Signature.is_held == False  # noqa: E712
    columns = peewee.fn.COUNT(Signature.id), peewee.fn.COUNT(peewee.fn.DISTINCT(Signature.home))
    totals = [0, 0]
    for letter in Letter.select().where(Letter.campaign == campaign.id):
        people, homes = Signature.select(*columns).where(Signature.letter == letter.id, *counted).tuples().get()
        totals = [totals[0] + people, totals[1] + homes]
        for version in letter.versions.order_by(LetterVersion.number):
            _put_under(version)
            under = SignedVersion.select(SignedVersion.signature).where(SignedVersion.version == version.id)
            people, homes = Signature.select(*columns).where(Signature.id.in_(under), *counted).tuples().get()
            counts = {"signature_count": people, "signed_home_count": homes}
            LetterVersion.update(**counts).where(LetterVersion.id == version.id).execute()
            # The last one is the newest, and the letter counts as it does.
            Letter.update(**counts).where(Letter.id == letter.id).execute()
    Campaign.update(signature_count=totals[0], signed_home_count=totals[1]).where(Campaign.id == campaign.id).execute()


def _put_under(version: LetterVersion) -> None:
    """Signatures that were written directly stand under their version, too."""
    known = SignedVersion.select(SignedVersion.signature)
    rows = Signature.select(Signature.id, Signature.confirmed_at).where(
        Signature.version == version.id, Signature.state == "confirmed", Signature.id.not_in(known)
    )
    found = [{"signature": row.id, "version": version.id, "at": row.confirmed_at} for row in rows]
    for batch in peewee.chunked(found, 100):
        SignedVersion.insert_many(batch).execute()
