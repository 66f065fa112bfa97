"""The letter in another language, for everybody who may read the letter."""

import peewee
from flask import Blueprint, Response, abort, g

from portal.campaigns.models import Campaign
from portal.letters import sheet
from portal.letters.copies import translating
from portal.letters.copies.models import Translation
from portal.letters.copies.translation_forms import NAMES
from portal.letters.copies.translation_views import what_counts
from portal.letters.models import Letter, LetterVersion
from portal.places.models import Place
from portal.targets.models import Organization, Target
from portal.web import action, current_person, may, render, require

bp = Blueprint("in_language", __name__)


@bp.get("/letters/<letter_key>/in/<language>")
@action("letter.read_public")
def show(letter_key: str, language: str) -> Response:
    """The newest version in this language. A draft shows inside the circle only."""
    newest = LetterVersion.alias()
    translation = (
        Translation.select(Translation, LetterVersion, Letter, Campaign, Place, Target, Organization)
        .join_from(Translation, LetterVersion)
        .join_from(LetterVersion, Letter)
        .join_from(Letter, Campaign)
        .join_from(Campaign, Place)
        .join_from(Letter, Target, peewee.JOIN.LEFT_OUTER)
        .join_from(Target, Organization, peewee.JOIN.LEFT_OUTER)
        .where(
            Letter.key == letter_key,
            Letter.withdrawn_at.is_null(),
            Translation.language == language,
            LetterVersion.number
            == newest.select(peewee.fn.MAX(newest.number)).where(newest.letter == LetterVersion.letter),
        )
        .first()
    )
    if translation is None or not translation.version.letter.parts_of(current_person()):
        abort(404)
    letter = translation.version.letter
    require("letter.read_public", letter)
    if translation.checked_at is None and not may("letter.read", letter):
        abort(404)
    g.is_public_page = letter.campaign.is_public and current_person() is None
    content = translating.translated_content(translation, translation.version)
    return render(
        "letters/in_language.html",
        letter=letter,
        campaign=letter.campaign,
        translation=translation,
        sheet=sheet.screen_sheet(letter, translation.version, content=content),
        what_counts=what_counts(letter),
        source_name=NAMES.get(letter.language, letter.language),
    )
