"""Name me to them: members on a page of the letter, signers by their own link; and the list for the leads."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _

from portal.campaigns.finding import find_campaign
from portal.errors import RuleBroken
from portal.letters import signing
from portal.letters.copies import complainants
from portal.letters.copies.models import Complainant
from portal.letters.copies.named_forms import NameMeForm
from portal.letters.finding import find_letter
from portal.letters.models import Letter
from portal.web import action, current_person, go, render, show_rule

bp = Blueprint("named", __name__)
PATH = "/campaigns/<key>/letters/<int:letter_id>"


@bp.route(f"{PATH}/name-me", methods=["GET", "POST"])
@action("letter.be_named")
def edit(key: str, letter_id: int) -> Response:
    """A member agrees to be named to the addressee, or changes what stands there."""
    campaign = find_campaign(key, "letter.be_named")
    letter = find_letter(campaign, letter_id)
    person = current_person()
    back = url_for("letters.show", key=key, letter_id=letter_id)
    return _settle(letter, person.name, here=url_for(".edit", key=key, letter_id=letter_id), back=back, person=person)


@bp.post(f"{PATH}/name-me/withdrawal")
@action("letter.be_named")
def take_back(key: str, letter_id: int) -> Response:
    """A member takes it back."""
    letter = find_letter(find_campaign(key, "letter.be_named"), letter_id)
    complainants.take_back(letter, person=current_person())
    flash(_("You are not named. What was sent before stays as it was sent"), "good")
    return go(url_for(".edit", key=key, letter_id=letter_id))


@bp.get(f"{PATH}/named")
@action("letter.read_named")
def index(key: str, letter_id: int) -> Response:
    """Who is named to the addressee, for the leads only."""
    campaign = find_campaign(key, "letter.read_named")
    letter = find_letter(campaign, letter_id)
    return render("letters/named.html", campaign=campaign, letter=letter, people=complainants.named(letter))


@bp.route("/signatures/<token>/name-me", methods=["GET", "POST"])
@action("site.read")
def edit_by_link(token: str) -> Response:
    """A signer agrees to be named to the addressee."""
    signature = signing.by_manage_token(token)
    if signature is None or signature.state != "confirmed":
        return render("signing/old_link.html", status=410)
    back = url_for("signatures.manage", token=token)
    here = url_for(".edit_by_link", token=token)
    return _settle(
        signature.letter, signature.name, here=here, back=back, signature=signature, home=signature.home_words
    )


@bp.post("/signatures/<token>/name-me/withdrawal")
@action("site.read")
def take_back_by_link(token: str) -> Response:
    """A signer takes it back."""
    signature = signing.by_manage_token(token)
    if signature is None:
        return render("signing/old_link.html", status=410)
    complainants.take_back(signature.letter, signature=signature)
    flash(_("You are not named. What was sent before stays as it was sent"), "good")
    return go(url_for("signatures.manage", token=token))


def _settle(letter: Letter, name: str, *, here: str, back: str, home: str = "", **who: Any) -> Response:
    standing = complainants.mine(letter, **who)
    is_named = standing is not None and standing.withdrawn_at is None
    form = NameMeForm(data=_standing(standing if is_named else None, name, home))
    if form.validate_on_submit():
        try:
            complainants.name_me(
                letter,
                name=form.name.data or "",
                home_words=form.home_words.data or "",
                complaints=form.complaints.data or "",
                **who,
            )
        except RuleBroken as broken:
            show_rule(form, broken)
        else:
            flash(_("You are named to them. Take it back any time until the letter is sent"), "good")
            return go(back)
    by_link = "signature" in who
    response = render(
        "letters/name_me.html",
        status=422 if form.errors else 200,
        letter=letter,
        campaign=letter.campaign,
        form=form,
        is_named=is_named,
        back=back,
        here=here,
        by_link=by_link,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _standing(row: Complainant | None, name: str, home: str) -> dict[str, str]:
    if row is None:
        return {"name": name, "home_words": home}
    return {"name": row.name, "home_words": row.home_words, "complaints": row.complaints}
