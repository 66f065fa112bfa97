"""Letters and what comes back: written, frozen, signed, sent, answered, and the promises in the answers."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import peewee

from portal import storage
from portal.campaigns.models import Agreement, Campaign
from portal.demo.acts import Circle
from portal.demo.originals import original
from portal.letters import blocks, freezing, operations, sending
from portal.letters.editions.models import SignedVersion
from portal.letters.models import Block, Letter, LetterVersion, ReplyAddress, Signature
from portal.letters.votes import opening, voting
from portal.letters.votes.models import Elector, SignOff
from portal.people.models import Person
from portal.responses import operations as answers
from portal.responses import promise_operations as promises
from portal.responses import queries
from portal.responses.models import Commitment, Response


class Post:
    """One letter of a campaign."""

    def __init__(self, circle: Circle, letter: Letter) -> None:
        self.circle, self.stage, self.company = circle, circle.stage, circle.company
        self.id = letter.id

    @property
    def letter(self) -> Letter:
        """The letter as it is now, with nothing remembered of before."""
        return Letter.get_by_id(self.id)

    # ---- writing ----

    def write(self, given: Sequence[dict[str, Any]]) -> None:
        """Write the parts as texts/ has them, save by save in the order of their hours.

        Each part: kind, and `saves`: by, day, hour, text and what else it has. The first parts of a kind take the place
        of those that the letter began with; what is left of these is removed.
        """
        standing: dict[str, list[int]] = {}
        for block in self.letter.blocks.order_by(Block.position):
            standing.setdefault(block.kind, []).append(block.id)
        saves = []
        for nth, part in enumerate(given):
            ids = standing.get(part["kind"], [])
            target = [ids.pop(0)] if ids else []
            saves += [(self.stage.moment(save["day"], save["hour"]), nth, part, save, target) for save in part["saves"]]
        saves.sort(key=lambda save: save[:2])
        first = saves[0][3]
        with self.stage.at(first["day"], first["hour"]):
            for kind in dict.fromkeys(part["kind"] for part in given):
                for block_id in standing.get(kind, []):
                    block = self._block(block_id)
                    blocks.remove_block(block, seen=block.version, by=self.company[first["by"]])
        for _moment, _nth, part, save, target in saves:
            self._save(part["kind"], save, target)

    def _save(self, kind: str, save: dict[str, Any], target: list[int]) -> None:
        by_on = self.stage.day(save["by_on"]) if "by_on" in save else None
        words = blocks.Words(save["text"], save.get("test", ""), by_on, save.get("source", ""))
        by = self.company[save["by"]]
        with self.stage.at(save["day"], save["hour"]):
            if not target:
                change = blocks.add_block(self.letter, kind, words, by=by)
                assert change.block is not None
                target.append(change.block.id)
                return
            block = self._block(target[0])
            # A save that began from an earlier text stands beside the newer one: see the history of the part.
            with suppress(blocks.Clash):
                blocks.save_block(block, words, seen=block.version - save.get("behind", 0), by=by)

    def _block(self, block_id: int) -> Block:
        block = Block.get_by_id(block_id)
        block.letter = self.letter
        return block

    def head(self, title: str, offset: int, hour: str, *, by: str, is_formal_complaint: bool = True) -> None:
        """Give it its headline."""
        letter = self.letter
        with self.stage.at(offset, hour):
            operations.change_heading(
                letter,
                title=title,
                language=letter.language,
                is_formal_complaint=is_formal_complaint,
                seen_title=letter.title,
                by=self.company[by],
            )

    def open_vote(self, offset: int, hour: str, *, by: str, closes: int) -> SignOff:
        """A lead asks the circle; the vote closes on the day `closes` at the same hour."""
        with self.stage.at(offset, hour):
            letter = self.letter
            closes_at = self.stage.moment(closes, hour)
            return opening.open_vote(letter, seen=letter.version, closes_at=closes_at, by=self.company[by])

    def say(self, sign_off: SignOff, name: str, choice: str, offset: int, hour: str, reason: str = "") -> None:
        """A member votes."""
        with self.stage.at(offset, hour):
            voting.cast_vote(SignOff.get_by_id(sign_off.id), choice=choice, reason=reason, by=self.company[name])

    def freeze(self, offset: int, *, asked_by: str, agreed_by: str) -> None:
        """Three days before, one lead asks; those with a job and most of the others agree; another freezes it."""
        opened = self.open_vote(offset - 3, "19:10", by=asked_by, closes=offset)
        electors = list(Elector.select(Elector, Person).join(Person).where(Elector.sign_off == opened.id))
        sure = [one for one in electors if one.is_core or one.person.name in {asked_by, agreed_by}]
        others = [one for one in electors if one not in sure]
        voters = [*sure, *(one for nth, one in enumerate(others) if nth % 4 != 3)]
        hours = list(evenings(offset - 2, len(voters)))
        for elector, (_day, hour) in zip(voters, hours, strict=True):
            self.say(opened, elector.person.name, "agree", offset - 2, hour)
        with self.stage.at(offset, "19:40"):
            freezing.freeze(self.letter, by=self.company[agreed_by])

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


def evenings(offset: int, count: int, *, last: int = -1) -> Iterator[tuple[int, str]]:
    """Hours from that day on at which somebody has a minute, `count` of them, none after the day `last`."""
    hours = ("07:35", "08:20", "12:45", "16:05", "17:30", "18:15", "18:50", "19:20", "20:05", "20:40", "21:25", "22:10")
    days = list(range(offset, last + 1))
    for nth in range(count):
        place = nth * len(days) * len(hours) // count
        yield days[place // len(hours)], hours[place % len(hours)]


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
