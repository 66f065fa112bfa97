"""The clocks of a letter, which of them run, and what happened to them."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock, storage
from portal.campaigns.models import Campaign
from portal.deadlines import rulebook
from portal.deadlines import words as rule_words
from portal.deadlines.rulebook import Rule
from portal.errors import RuleBroken
from portal.letters.models import Letter
from portal.responses import words
from portal.responses.deadlines import afterwards, cards, forms, operations, pictured, pictured_words, queries
from portal.responses.deadlines.finding import find, find_deadline
from portal.responses.deadlines.timing import TYPED
from portal.storage import StoredFile
from portal.web import action, current_person, download, get_or_404, go, render, show_rule

bp = Blueprint("deadlines", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>/deadlines"


@bp.get(PATH)
@action("deadline.read")
def show(key: str, letter_id: int) -> Response:
    """Each clock: by when, why, and how it stands; and the days that they go by."""
    campaign, letter = find(key, letter_id, "deadline.read")
    now = clock.now()
    shown = [cards.card_of(one, now) for one in queries.deadlines_of(letter)]
    found = pictured.everything_of(letter)
    waits = {event for card in shown for event in card.rule.events if event in TYPED}
    return render(
        "deadlines/show.html",
        campaign=campaign,
        letter=letter,
        cards=shown,
        received=cards.received_by_rule(shown),
        happened=found.happened,
        picture=pictured.picture_inside(letter, shown, found, clock.today()),
        lane_words=pictured_words,
        chains=afterwards.chains_of(shown),
        limits=afterwards.limits_of(shown, {one.kind: one.day for one in found.happened if one.what == "event"}),
        limit_words=afterwards.limit_in_words,
        waits=waits,
        kinds=words.KINDS,
        names=rule_words,
    )


@bp.get(f"{PATH}/<int:deadline_id>/proof")
@action("deadline.read")
def proof(key: str, letter_id: int, deadline_id: int) -> Response:
    """The picture of the page on which they publish their own times; as a download only."""
    _letter, deadline = find_deadline(key, letter_id, deadline_id, "deadline.read")
    return download(get_or_404(StoredFile.select(), StoredFile.id == deadline.proof_id))


@bp.get(f"{PATH}/history")
@action("deadline.read")
def history(key: str, letter_id: int) -> Response:
    """What happened to every clock, newest first, page by page."""
    campaign, letter = find(key, letter_id, "deadline.read")
    before = request.args.get("before", type=int)
    changes, older = queries.history_of(letter, before=before)
    return render(
        "deadlines/history.html",
        campaign=campaign,
        letter=letter,
        changes=changes,
        older=older,
        before=before,
        corrections=[] if before else queries.corrections_of(letter),
        change_words=cards.CHANGES,
    )


def _sector(campaign: Campaign, letter: Letter) -> str:
    target = letter.target or campaign.target
    return target.organization.sector if target is not None else "other"


def _rules_page(campaign: Campaign, letter: Letter, status: int = 200, **given: Any) -> Response:
    running = queries.deadlines_of(letter)
    chosen = {one.rule_id for one in running} or {rulebook.OWN_ANSWER}
    country, sector = campaign.place.country, _sector(campaign, letter)
    sets = [name for name in rulebook.SETS if name in {country, "gb-utilities", "generic"}]
    shown = [rulebook.shipped(name) for name in sets if country != "other" or name == "generic"]
    fitting: list[Rule] = []
    others: list[Rule] = []
    seen: set[str] = set()
    for one in shown:
        for rule in one.rules:
            if rule.id in seen:
                continue
            seen.add(rule.id)
            fits = rule.fits(country, sector) or rule.id in chosen
            (fitting if fits else others).append(rule)
    own = [cards.card_of(one, clock.now()).rule for one in running if one.rule_id.startswith(operations.LOCAL)]
    form = given.pop("form", None) or forms.RulesForm(formdata=None)
    return render(
        "deadlines/rules.html",
        status=status,
        campaign=campaign,
        letter=letter,
        form=form,
        ticked=set(form.rules.data) if form.is_submitted() and form.errors else chosen,
        # Our own deadline first: it is the one that runs where nobody chose.
        fitting=[rule for rule in fitting if rule.set == "generic"]
        + own
        + [rule for rule in fitting if rule.set != "generic"],
        others=others,
        duties=[duty for one in shown for duty in one.duties],
        names=rule_words,
        awaits=cards.AWAITS,
        **given,
    )


@bp.route(f"{PATH}/rules", methods=["GET", "POST"])
@action("deadline.choose")
def rules(key: str, letter_id: int) -> Response:
    """Which clocks run? The rules that fit, with what we know of each."""
    campaign, letter = find(key, letter_id, "deadline.choose")
    if request.method == "GET":
        return _rules_page(campaign, letter)
    form = forms.RulesForm()
    form.rules.choices = [(name, name) for name in request.form.getlist("rules")]
    if form.validate_on_submit():
        try:
            operations.choose_rules(letter, form.rules.data or [], by=current_person())
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("These clocks run"))
            return go(url_for(".show", key=key, letter_id=letter_id))
    return _rules_page(campaign, letter, 422, form=form)


@bp.route(f"{PATH}/promises/new", methods=["GET", "POST"])
@action("deadline.choose")
def promise(key: str, letter_id: int) -> Response:
    """A time that they publish themselves becomes a clock."""
    campaign, letter = find(key, letter_id, "deadline.choose")
    form = forms.TheirPromiseForm()
    if form.validate_on_submit():
        try:
            given = form.file.data
            proof = storage.keep(given.stream, name=given.filename) if given and given.filename else None
            operations.add_their_promise(
                letter,
                by=current_person(),
                label=form.label.data,
                n=form.n.data,
                unit=form.unit.data,
                url=form.url.data,
                awaits=form.awaits.data,
                place=campaign.place,
                proof=proof,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Their own promise is a clock now"))
            return go(url_for(".show", key=key, letter_id=letter_id))
    status = 422 if form.errors else 200
    return render("deadlines/promise.html", status=status, campaign=campaign, letter=letter, form=form)
