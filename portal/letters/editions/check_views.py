"""Paste a text or upload a PDF, and learn which letter and which version it is. For everybody."""

from flask import Blueprint, Response
from flask_babel import gettext as _

from portal import limits
from portal.letters.editions import checking, forms
from portal.letters.editions.checking import Found
from portal.paper.reading import ReaderBusy, UnreadablePdf, read_pdf
from portal.web import action, current_person, render

bp = Blueprint("checking", __name__)


@bp.route("/check", methods=["GET", "POST"])
@action("site.read")
def check() -> Response:
    """Look a text up. Nothing of it is kept."""
    form = forms.CheckForm()
    found: Found | None = None
    is_checked = False
    if form.validate_on_submit():
        upload = form.file.data if form.file.data and form.file.data.filename else None
        if upload is None and not form.text.data:
            form.text.errors = [_("Paste the text of a letter, or choose a PDF")]
        else:
            limits.spend(limits.CHECK_TEXT, limits.network())
            try:
                found = _look_up(form.text.data or "", upload.read() if upload else b"")
                is_checked = True
            except UnreadablePdf:
                form.file.errors = [_("We cannot read this file as a PDF. Try to paste its text instead")]
            except ReaderBusy:
                form.file.errors = [_("Other files are being read right now. Try again in a minute")]
    status = 422 if form.errors else 200
    return render("editions/check.html", status=status, form=form, found=found, is_checked=is_checked)


def _look_up(text: str, source: bytes) -> Found | None:
    person = current_person()
    return checking.check_pdf(read_pdf(source), person=person) if source else checking.check_text(text, person=person)
