"""What a case file tells: plain words and numbers, ready for text, table and paper.

This is the one place that decides what is private. A public file holds what everybody may read: frozen texts, how and
when they were delivered, published answers with their published verdicts, public promises and public events. Names of
residents, homes, reasons that people typed, what was never published and who read what need a private file.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal import clock
from portal.casefiles import words
from portal.casefiles.gathering import Gathered, OfLetter
from portal.deadlines import words as rule_words
from portal.language import format_clock
from portal.letters import sheet
from portal.letters.deliveries import words as ways
from portal.letters.models import Delivery
from portal.responses import queries
from portal.responses import words as answer_words
from portal.responses.deadlines.cards import Card
from portal.responses.models import Commitment, Response

# Facts of a public event that name nobody. Counts of people stay out: small ones tell who they were.
PUBLIC_FACTS = ("title", "channel", "manner", "outcome", "fingerprint")


@dataclass
class Item:
    """One thing: its name, facts as (what, value), and texts as (what, words)."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    # The day it belongs to, for tables that a program sorts. Words say it in the facts.
    on: date | None = None

    def add(self, what: str, value: Any) -> None:
        """Add a fact, unless it is empty."""
        if value not in (None, ""):
            self.facts.append((str(what), str(value)))


@dataclass
class Section:
    """A part of the case file: items under a heading, with a sentence where something has to be said."""

    key: str
    title: str
    items: list[Item]
    note: str = ""


def moment_in_words(moment: datetime) -> str:
    """ "Thu 26 Nov 2026, 14:05": outside the portal the year always stands there."""
    return f"{sheet.day_in_words(clock.to_local(moment).date())}, {format_clock(moment)}"


def told(gathered: Gathered) -> list[Section]:
    """Every part of the case file in its order; a part without anything in it is left out."""
    sections: list[Section] = []
    for number, one in enumerate(gathered.letters, 1):
        sections += _of_letter(gathered, one, number)
    sections.append(Section("promises", _("Promises they made"), [*_promises(gathered)]))
    sections.append(Section("evidence", _("What our facts rest on"), _evidence(gathered)))
    sections.append(Section("timeline", _("What happened, day by day"), _timeline(gathered)))
    return [section for section in sections if section.items]


def _of_letter(gathered: Gathered, one: OfLetter, number: int) -> list[Section]:
    def heading(what: str) -> str:
        return _("Letter %(number)s: %(what)s", number=number, what=what)

    title = _("Letter %(number)s: %(what)s", number=number, what=one.letter.title)
    advice = _("Worked out from the rules named here. This is not legal advice: ask an adviser before you rely on it.")
    parts = [
        Section(f"letter-{number}", title, _letter(one)),
        Section(
            f"deliveries-{number}",
            heading(_("how it reached them")),
            [_delivery(gathered, row) for row in one.deliveries],
        ),
        Section(
            f"answers-{number}",
            heading(_("what came back")),
            [_response(gathered, row) for row in one.responses if gathered.is_private or row.published_at],
        ),
        Section(
            f"deadlines-{number}",
            heading(_("by when they owed us what")),
            [
                _deadline(gathered, one, card)
                for card in one.deadlines
                if gathered.is_private or _may_be_told(one, card)
            ],
            note=advice,
        ),
    ]
    named = [
        Item(row.name, [(_("Home"), row.home_words or "–"), (_("Earlier complaints"), row.complaints or "–")])
        for row in one.named
    ]
    if gathered.is_private and named:
        parts.append(Section(f"named-{number}", heading(_("who agreed to be named to them")), named))
    return parts


def _letter(one: OfLetter) -> list[Item]:
    items = []
    for version in one.versions:
        item = Item(_("Version %(number)s", number=version.number))
        item.add(_("Fixed on"), sheet.day_in_words(clock.to_local(version.frozen_at).date()))
        item.add(_("Fingerprint (SHA-256)"), version.sha256)
        item.add(_("Signatures under it"), version.signature_count)
        item.texts.append((_("The text"), version.canonical_text))
        items.append(item)
    return items


def _delivery(gathered: Gathered, row: Delivery) -> Item:
    private = gathered.is_private
    # Who took it by hand is often somebody at a desk, and never the public's business.
    shows_name = private or row.channel not in {"hand", "public"}
    item = Item(ways.title_of(row) if shows_name else str(ways.WAYS[row.channel]), on=row.happened_on)
    if row.happened_at is not None:
        item.add(_("When"), moment_in_words(row.happened_at))
    elif row.happened_on is not None:
        item.add(_("When"), sheet.day_in_words(row.happened_on))
    item.add(_("Where"), row.to_address if private or row.channel != "hand" else "")
    item.add(_("Version"), _("%(number)s, %(mark)s", number=row.version.number, mark=row.version.sha256))
    item.add(_("Number"), row.reference)
    if row.mail_id is not None:
        item.add(_("How it stands"), ways.state_of(row)[1])
        item.add(_("Handed over"), moment_in_words(row.mail.sent_at) if row.mail.sent_at else "")
        item.add("To", row.to_address)
        item.add("Subject", row.mail.subject if private else "")
        item.add("Message-ID", row.mail.message_id)
        item.add(_("Their mail server said"), ways.reply_of(row.mail) if private else "")
        item.add(_("SHA-256 of the mail"), row.source_sha256)
    elif row.came_back_on is not None:
        item.add(_("How it stands"), ways.state_of(row)[1])
    if private:
        item.add(_("Note"), row.note)
        for change in gathered.changes.get(row.id, []):
            who = change.by.display_name if change.by else _("a mail system") if change.is_by_machine else ""
            said = [str(ways.CHANGES[change.what]), who, change.why]
            item.add(sheet.day_in_words(change.on), ", ".join(part for part in said if part))
        if row.pasted:
            item.texts.append((_("Put into their form"), row.pasted))
    return item


def _response(gathered: Gathered, row: Response) -> Item:
    day = sheet.day_in_words(row.received_on)
    item = Item(_("%(way)s, %(day)s", way=answer_words.CHANNELS[row.channel], day=day), on=row.received_on)
    if row.kind:
        item.add(_("What it is"), answer_words.KINDS[row.kind][0])
    item.add(_("How the sender was checked"), words.SENDER_CHECKS.get(row.sender_check, row.sender_check))
    if row.public_words and row.published_at:
        item.texts.append((_("What we say of it in public"), row.public_words))
    if not gathered.is_private:
        for found in queries.public_rows(row):
            verdicts = ", ".join(str(answer_words.VERDICTS[one]) for one in found["verdicts"]) or "–"
            item.add(_ask(found["kind"], found["number"], found["text"]), verdicts)
        return item
    item.add(_("From"), row.from_name)
    item.add(_("Logged by"), row.logged_by.display_name if row.logged_by else "")
    for kept in gathered.files.get(row.id, []):
        item.add(_("File"), _("%(name)s, SHA-256 %(mark)s", name=kept.file.name, mark=kept.file.sha256))
    if row.text:
        item.texts.append((_("What they wrote"), row.text))
    for line in gathered.sheets[row.id].rows:
        for reading in line.readings:
            said = [str(answer_words.VERDICTS[reading.verdict]), f"“{reading.excerpt}”" if reading.excerpt else ""]
            reader = _("read by %(name)s", name=reading.reader_name or _("a former member"))
            disagree = _("readers do not agree") if line.is_disputed else ""
            found_by = ", ".join(part for part in [*said, reader, disagree] if part)
            item.add(_ask(line.ask.kind, line.ask.number, line.ask.text), found_by)
    return item


def _ask(kind: str, number: int, text: str) -> str:
    if kind == "demand":
        return _("Demand %(number)s: %(text)s", number=number, text=text)
    return _("Question %(number)s: %(text)s", number=number, text=text)


def _all_is_out(one: OfLetter) -> bool:
    """Whether every answer is published. If not, it must not show that one came, nor look as if none did."""
    return all(response.published_at for response in one.responses)


def _may_be_told(one: OfLetter, card: Card) -> bool:
    """Whether a clock may be told to everybody: not one in members' own words, nor one that gives an answer away."""
    by_deliveries = set(card.rule.events) <= {"posted", "delivered", "received"}
    return card.rule.set != "local" and (by_deliveries or _all_is_out(one))


def _deadline(gathered: Gathered, one: OfLetter, card: Card) -> Item:
    row = card.deadline
    item = Item(card.rule.title, on=row.due_on)
    if gathered.is_private or _all_is_out(one):
        item.add(_("How it stands"), card.state)
        if row.override_on or row.extended_on:
            item.add(_("The day that holds"), sheet.day_in_words(row.holds_on) if row.holds_on else "")
    item.add(_("Due by the rule"), sheet.day_in_words(row.due_on) if row.due_on else "")
    if gathered.is_private:
        item.add(_("Why another day"), row.override_reason or row.extension_reason)
    item.texts.append((_("The working"), "\n".join([str(card.rule.plain), *card.steps])))
    item.add(_("Source"), " ".join(part for part in (str(card.rule.source.title), card.rule.source.url) if part))
    if card.rule.set != "generic":
        item.add(_("How sure we are"), rule_words.CONFIDENCES.get(card.rule.confidence, ""))
    return item


def _promises(gathered: Gathered) -> list[Item]:
    return [_promise(gathered, row) for row in gathered.promises if gathered.is_private or _is_told(row)]


def _is_told(row: Commitment) -> bool:
    return row.is_public and row.state != "cancelled"


def _promise(gathered: Gathered, row: Commitment) -> Item:
    item = Item(row.what, on=row.made_on)
    item.add(_("Made on"), sheet.day_in_words(row.made_on))
    item.add(_("By"), sheet.day_in_words(row.due_on) if row.due_on else _("no date given"))
    item.add(_("How it stands"), words.PROMISE_STATES.get(row.state, row.state))
    item.add(_("They say it is done since"), sheet.day_in_words(row.claimed_done_on) if row.claimed_done_on else "")
    item.add(_("Residents who found it fixed"), row.fixed_count)
    item.add(_("Residents who found it not fixed"), row.not_fixed_count)
    if gathered.is_private:
        for check in gathered.checks.get(row.id, []):
            if check.note:
                item.add(_("A resident noted"), f"{answer_words.CHECKS[check.verdict][0]}: {check.note}")
    return item


def _evidence(gathered: Gathered) -> list[Item]:
    """In public what the frozen letters themselves list; else the whole register with its sources."""
    if gathered.is_private:
        items = []
        for row in gathered.evidence:
            item = Item(row.title)
            item.add(_("Reference"), row.reference)
            item.add(_("Counted by or kept at"), row.source)
            item.add(_("Homes it is about"), row.home_count)
            item.add(_("From"), sheet.day_in_words(row.from_on) if row.from_on else "")
            item.add(_("Until"), sheet.day_in_words(row.to_on) if row.to_on else "")
            items.append(item)
        return items
    items = []
    for one in gathered.letters:
        if one.versions:
            for found in sheet.evidence_on_paper(sheet.frozen_content(one.versions[-1])):
                items.append(Item(found["title"], [(_("What it is"), ", ".join(found["about"]))]))
    return items


def _timeline(gathered: Gathered) -> list[Item]:
    items = []
    for row in gathered.timeline:
        if not (gathered.is_private or row.is_public):
            continue
        facts = json.loads(row.facts or "{}")
        kept = facts if gathered.is_private else {name: facts[name] for name in PUBLIC_FACTS if name in facts}
        said = str(words.TIMELINE.get(row.verb, row.verb.replace("_", " ").capitalize()))
        item = Item(said, on=row.happened_on)
        item.add(_("Day"), sheet.day_in_words(row.happened_on))
        item.add(_("Who"), words.SIDES[row.side])
        if gathered.is_private and row.by is not None:
            item.add(_("By"), row.by.display_name)
        item.add(_("More"), "; ".join(f"{name}: {value}" for name, value in kept.items() if value not in (None, "", 0)))
        items.append(item)
    return items
