"""Every component in every state on one page, for whoever builds or mends a screen. Registered in development only."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock
from portal.web import action, render

bp = Blueprint("styleguide", __name__)

PARTS = ("page", "forms", "spine", "letter", "answers", "pictures", "tables")
SHEETS = ("door-list", "large-letter")


class SampleForm(FlaskForm):
    """One field of every kind."""

    class Meta:
        csrf = False

    name = StringField(_l("Your name"), [InputRequired(_l("Enter your name")), Length(max=80)])
    email = EmailField(
        _l("E-mail"), [InputRequired(_l("Enter your e-mail address, such as name@example.org"))],
        description=_l("To make sure it is you. Your landlord never sees it."),
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password"))])
    born = DateField(_l("When did you first report it?"), description=_l("The letter or text you sent them will say."))
    meets = DateTimeLocalField(_l("When do we meet?"))
    story = TextAreaField(
        _l("What is it like to live with?"), [InputRequired(_l("Write what it is like, in a sentence or two"))],
        description=_l("For example: “We sleep in the front room, because the bedroom is wet.”"),
    )
    tenure = SelectField(
        _l("Do you rent or own?"), [InputRequired(_l("Choose one"))],
        choices=[("", _l("Choose one")), ("social", _l("I rent from a housing association")), ("own", _l("I own a lease"))],
    )
    shown = RadioField(
        _l("How should your name be shown?"), [InputRequired(_l("Choose how your name should be shown"))],
        choices=[
            ("no", _l("Not shown")), ("resident", _l("“A resident of Larkspur Point”")), ("full", _l("Full name"))
        ],
    )
    troubles = SelectMultipleField(
        _l("What is wrong in your home?"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        choices=[("mould", _l("Mould or damp")), ("cold", _l("Too cold to live in")), ("lift", _l("The lift"))],
    )
    photo = FileField(_l("A photo"), description=_l("We take out where and when it was taken."))
    news = BooleanField(_l("Send me news of this campaign"), description=_l("One press stops it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown.choice_hints = {  # type: ignore[attr-defined]
            "no": _l("You are counted. Only the two leads know."),
            "full": _l("Anybody who reads the letter can see it."),
        }


@bp.get("/styleguide")
@action("site.develop")
def show() -> Response:
    """All parts; `?dir=rtl` turns the page round."""
    return render(
        "styleguide/show.html", parts=PARTS, form_empty=SampleForm(None, prefix="empty-"), form_wrong=_wrong_form(),
        form_none=SampleForm(None, prefix="none-"), now=clock.now(), homes=_sample_homes(), crowd=_sample_crowd(),
        flipped=request.args.get("dir") == "rtl",
    )


@bp.get("/styleguide/wrong")
@action("site.develop")
def wrong() -> Response:
    """A form that came back with errors: the title says so, and the list of errors has the focus."""
    return render("styleguide/wrong.html", form=_wrong_form(), status=422)


@bp.get("/styleguide/errors/<int:code>")
@action("site.develop")
def error(code: int) -> Response:
    """An error page as people see it."""
    abort(code)


@bp.get("/styleguide/paper/<name>")
@action("site.develop")
def paper(name: str) -> Response:
    """A page made for paper."""
    if name not in SHEETS:
        abort(404)
    return render(f"styleguide/{name}.html", today_=clock.today(), homes=_sample_homes())


def _wrong_form() -> SampleForm:
    """Filled in by somebody who gave only an address, and that one wrong."""
    form = SampleForm(MultiDict({"wrong-email": "dot@", "wrong-name": "", "wrong-news": "y"}), prefix="wrong-")
    form.validate()
    form.form_errors.append(_l("This letter is closed for signing since Mon 23 Nov"))
    form.email.errors = [_l("Enter an e-mail address with a name, an @ and a place, such as name@example.org")]
    return form


def _sample_homes() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Six floors of six homes, every state among them."""
    words = {
        "todo": "nobody has called yet", "tried": "nobody was in", "spoken": "spoken to", "with": "with us",
        "signed": "signed the letter", "leave": "asked us not to call", "empty": "nobody lives here",
        "trouble": "has mould",
    }
    cycle = ("todo", "with", "spoken", "signed", "tried", "with", "todo", "signed", "leave", "spoken", "trouble", "empty")
    floors = []
    for floor in range(14, 8, -1):
        states = [(letter, cycle[(floor * 7 + place * 5) % len(cycle)]) for place, letter in enumerate("ABCDEF")]
        floors.append((str(floor), [(letter, state, f"{floor}{letter}: {words[state]}") for letter, state in states]))
    return floors


def _sample_crowd() -> list[tuple[str, str, date]]:
    """Many rows, some with long words, for tables that must hold them."""
    names = ("Keisha Ampofo", "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", "Li", "Mrs Kaur", "فرید نوری")
    return [
        (names[row % len(names)], f"{14 - row // 6}{'ABCDEF'[row % 6]}", clock.today() - timedelta(days=row * 9))
        for row in range(24)
    ]
