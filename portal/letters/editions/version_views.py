"""The frozen versions of a letter, for everybody who may read it, with fingerprint, text, and what changed."""

from itertools import pairwise

import peewee
from flask import Blueprint, Response, abort, g, make_response, request

from portal.campaigns.models import Campaign
from portal.letters import sheet
from portal.letters.editions import comparing
from portal.letters.models import Letter, LetterVersion
from portal.places.models import Place
from portal.targets.models import Organization, Target
from portal.web import action, current_person, render, require

bp = Blueprint("versions", __name__)

MOST_VERSIONS = 50


def _find(letter_key: str) -> tuple[Letter, list[LetterVersion]]:
    """The letter and its versions, newest first; or the 404 of anything missing. One statement."""
    versions = list(
        LetterVersion.select(LetterVersion, Letter, Campaign, Place, Target, Organization)
        .join_from(LetterVersion, Letter)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(Letter.key == letter_key, Letter.withdrawn_at.is_null())
        .order_by(LetterVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    if not versions or not versions[0].letter.parts_of(current_person()):
        abort(404)
    letter = versions[0].letter
    require("letter.read_public", letter)
    g.is_public_page = letter.campaign.is_public and current_person() is None
    return letter, versions


@bp.get("/letters/<letter_key>/versions")
@action("letter.read_public")
def index(letter_key: str) -> Response:
    """Every version with its fingerprint, how many stand under it, and what it changed."""
    letter, versions = _find(letter_key)
    changes = {
        newer.id: comparing.differences(sheet.frozen_content(older), sheet.frozen_content(newer))
        for newer, older in pairwise(versions)
    }
    return render("editions/versions.html", letter=letter, campaign=letter.campaign, versions=versions, changes=changes)


@bp.get("/letters/<letter_key>/letter.txt")
@action("letter.read_public")
def text(letter_key: str) -> Response:
    """The canonical text of a version (`?version=`, the newest unless said): its bytes have the fingerprint."""
    _letter, versions = _find(letter_key)
    wanted = request.args.get("version", versions[0].number, type=int)
    version = next((one for one in versions if one.number == wanted), None)
    if version is None:
        abort(404)
    return make_response(version.canonical_text.encode("utf-8"), 200, {"Content-Type": "text/plain; charset=utf-8"})
