"""The page of one promise: what residents found, saying it, entering it for a home, and talking to who disagrees."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from wtforms.validators import StopValidation

from portal import clock, storage
from portal.errors import RuleBroken
from portal.places.models import Home
from portal.responses import promise_queries, promises, words
from portal.responses.checking import looking, passing, queries
from portal.responses.checking.finding import find_check, find_promise
from portal.responses.checking.forms import CheckForm, EnterForm, TalkForm
from portal.responses.forms import ClaimForm
from portal.responses.models import Commitment, CommitmentCheck
from portal.storage import StoredFile
from portal.tokens import sign, unsign
from portal.web import action, current_person, done, download, get_or_404, go, may, render, show_rule

bp = Blueprint("looking", __name__)

PATH = "/campaigns/<key>/promises/<int:commitment_id>"
# Named here so that whatever has these pages also has the hourly look at days that have passed.
HOURLY = (passing.note_passed_days,)


def page_of(commitment: Commitment, **given: Any) -> dict[str, Any]:
    """What the page of a promise needs. Two statements, one for a single matter."""
    person = current_person()
    doors = given.pop("doors", None)
    if doors is None:
        doors = queries.doors_for(commitment, person) if commitment.reach != "matter" else []
    checks = promise_queries.checks_of(commitment)
    own = next((check for check in checks if check.person_id == person.id), None)
    today = clock.today()
    listed = {door.home.id for door in doors} if commitment.reach == "homes" else set()
    form = given.pop("form", None)
    if form is None:
        home_id = own.home_id if own else next((door.home.id for door in doors if door.is_mine), 0)
        before = {"verdict": own.verdict, "note": own.note} if own else {}
        form = CheckForm(formdata=None, data={"home": home_id, **before}).fit(commitment, doors)
    return {
        "campaign": commitment.campaign,
        "promise": commitment,
        "words": queries.words_of(commitment, checks, listed),
        "nobody_in": [check.home.label for check in checks if check.verdict == "nobody_in"],
        "own": own,
        "form": form,
        "verdicts": words.CHECKS,
        "standing": promises.standing(commitment, today),
        "is_due_soon": promises.is_due_soon,
        "is_ripe": promises.is_ripe(commitment, today),
        "needed": promises.reach_of(commitment).needed,
        "holds_until": promises.holds_until(commitment),
        "repeated": promises.REPEATED,
        "claim": ClaimForm(formdata=None),
        "kept_photo": None,
        **given,
    }


@bp.post(f"{PATH}/checks")
@action("commitment.check")
def check(key: str, commitment_id: int) -> Response:
    """A resident says what they found."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    doors = queries.doors_for(commitment, current_person()) if commitment.reach != "matter" else []
    form = CheckForm().fit(commitment, doors)
    photo = _keep_photo(form)
    if form.validate_on_submit():
        try:
            looking.check_promise(
                commitment,
                by=current_person(),
                verdict=form.verdict.data,
                note=form.note.data or "",
                home=_chosen_home(form, doors),
                photo=photo,
                again=form.said_again,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            to = url_for("promises.show", key=key, commitment_id=commitment_id)
            return done("promises/show.html", "found", to=to, **page_of(commitment))
    return render(
        "promises/show.html", "found", status=422, **page_of(commitment, form=form, doors=doors, kept_photo=photo)
    )


def _chosen_home(form: Any, doors: list[queries.Door]) -> Home | None:
    chosen = form.home.data if "home" in form else 0
    return next((door.home for door in doors if door.home.id == chosen), None)


def _keep_photo(form: Any) -> StoredFile | None:
    """The photo of this form, or the one that came with an earlier press. It is safe before anything can go wrong."""
    person = current_person()
    if form.photo.data:
        try:
            stored = storage.keep(form.photo.data.stream, name=form.photo.data.filename)
            if stored.content_type not in looking.PHOTOS:
                storage.forget(stored)
                raise RuleBroken(_("Choose a photo as JPG, PNG or WebP"))
        except RuleBroken as broken:
            form.photo.validators = [*form.photo.validators, _refuse(broken.message)]
            return None
        form.kept_photo.data = sign("check-photo", [person.id, stored.id])
        return stored
    noted = unsign("check-photo", form.kept_photo.data or "")
    if not isinstance(noted, list) or noted[0] != person.id:
        form.kept_photo.data = ""
        return None
    return StoredFile.get_or_none(StoredFile.id == noted[1])


def _refuse(message: str) -> Any:
    def refuse(form: Any, field: Any) -> None:
        raise StopValidation(message)

    return refuse


@bp.route(f"{PATH}/checks/for-a-home", methods=["GET", "POST"])
@action("commitment.check")
def enter(key: str, commitment_id: int) -> Response:
    """A neighbour enters what a home told them."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    doors = queries.doors_for(commitment, current_person())
    form = EnterForm().fit(commitment, doors)
    photo = _keep_photo(form)
    if form.validate_on_submit():
        home = _chosen_home(form, doors)
        try:
            if home is None:
                raise RuleBroken(_("Choose the home"), field="home")
            looking.enter_for_home(
                commitment,
                by=current_person(),
                home=home,
                verdict=form.verdict.data,
                how=form.how.data,
                note=form.note.data or "",
                photo=photo,
                again=form.said_again,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Entered for %(home)s", home=home.label if home else ""), "good")
            return go(url_for("promises.show", key=key, commitment_id=commitment_id))
    return render(
        "promises/enter.html",
        status=422 if form.errors else 200,
        campaign=commitment.campaign,
        promise=commitment,
        form=form,
        doors=doors,
        kept_photo=photo,
    )


@bp.route(f"{PATH}/checks/<int:check_id>/talk", methods=["GET", "POST"])
@action("commitment.talk")
def talk(key: str, commitment_id: int, check_id: int) -> Response:
    """A lead has talked to a home that says not fixed."""
    commitment = find_promise(key, commitment_id, "commitment.talk")
    found = get_or_404(promise_queries.checks_with(commitment), CommitmentCheck.id == check_id)
    form = TalkForm()
    form.verdict.choice_hints = {name: meaning for name, (_title, meaning) in words.CHECKS.items()}
    if form.validate_on_submit():
        try:
            looking.talk_with(
                found, commitment, by=current_person(), verdict=form.verdict.data, note=form.note.data or ""
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("Noted. It counts as what they say now"), "good")
            return go(url_for("promises.show", key=key, commitment_id=commitment_id))
    return render(
        "promises/talk.html",
        status=422 if form.errors else 200,
        campaign=commitment.campaign,
        promise=commitment,
        check=found,
        form=form,
        verdicts=words.CHECKS,
    )


@bp.get(f"{PATH}/checks/<int:check_id>/photo")
@action("commitment.read")
def photo(key: str, commitment_id: int, check_id: int) -> Response:
    """The photo, byte for byte, as a download."""
    found = find_check(find_promise(key, commitment_id, "commitment.read"), check_id)
    return download(get_or_404(StoredFile.select(), StoredFile.id == found.photo_id))


@bp.post(f"{PATH}/checks/<int:check_id>/photo/removal")
@action("commitment.check")
def take_out_photo(key: str, commitment_id: int, check_id: int) -> Response:
    """Delete a photo: whoever added it, or a lead."""
    commitment = find_promise(key, commitment_id, "commitment.check")
    found = find_check(commitment, check_id)
    person = current_person()
    to = url_for("promises.show", key=key, commitment_id=commitment_id)
    if person.id not in (found.person_id, found.entered_by_id) and not may("commitment.talk", commitment.campaign):
        flash(_("Whoever added the photo can delete it, or a lead"), "warn")
        return go(to)
    looking.take_out_photo(found, commitment, by=person)
    flash(_("The photo is deleted"))
    return go(to)
