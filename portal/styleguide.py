"""Every component in every state on one page, for whoever builds or mends a screen.

Registered in development only; its words are samples and are not translated.
"""

from datetime import date, timedelta
from typing import Any

import segno
from flask import Blueprint, Response, abort, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock
from portal.forms import ChecksField, RadioField, SelectField
from portal.web import action, render

bp = Blueprint("styleguide", __name__)

PARTS = ("page", "forms", "spine", "letter", "answers", "pictures", "tables")
SHEETS = ("door-list", "large-letter")


class SampleForm(FlaskForm):
    """One field of every kind."""

    class Meta:
        csrf = False

    name = StringField("Your name", [InputRequired("Enter your name"), Length(max=80)])
    email = EmailField(
        "E-mail",
        [InputRequired("Enter your e-mail address, such as name@example.org")],
        description="To make sure it is you. Your landlord never sees it.",
    )
    password = PasswordField("Password", [InputRequired("Enter your password")])
    born = DateField("When did you first report it?", description="The letter or text you sent them will say.")
    meets = DateTimeLocalField("When do we meet?")
    story = TextAreaField(
        "What is it like to live with?",
        [InputRequired("Write what it is like, in a sentence or two")],
        description="For example: “We sleep in the front room, because the bedroom is wet.”",
    )
    tenure = SelectField(
        "Do you rent or own?",
        [InputRequired("Choose one")],
        choices=[("", "Choose one"), ("social", "I rent from a housing association"), ("own", "I own a lease")],
    )
    shown = RadioField(
        "How should your name be shown?",
        [InputRequired("Choose how your name should be shown")],
        choices=[("no", "Not shown"), ("resident", "“A resident of Larkspur Point”"), ("full", "Full name")],
    )
    troubles = ChecksField(
        "What is wrong in your home?",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        choices=[("mould", "Mould or damp"), ("cold", "Too cold to live in"), ("lift", "The lift")],
    )
    photo = FileField("A photo", description="We take out where and when it was taken.")
    news = BooleanField("Send me news of this campaign", description="One press stops it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown.choice_hints = {
            "no": "You are counted. Only the two leads know.",
            "full": "Anybody who reads the letter can see it.",
        }


@bp.get("/styleguide")
@action("site.develop")
def show() -> Response:
    """All parts; `?dir=rtl` turns the page round."""
    return render(
        "styleguide/show.html",
        parts=PARTS,
        form_empty=SampleForm(None, prefix="empty-"),
        form_wrong=_wrong_form(),
        form_none=SampleForm(None, prefix="none-"),
        now=clock.now(),
        code=Markup(segno.make("https://doorstep.example/l/7").svg_inline(omitsize=True)),
        homes=_sample_homes(),
        crowd=_sample_crowd(),
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
    form.form_errors.append("This letter is closed for signing since Mon 23 Nov")
    form.email.errors = ["Enter an e-mail address with a name, an @ and a place, such as name@example.org"]
    return form


def _sample_homes() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Six floors of six homes, every state among them."""
    words = {
        "todo": "nobody has called yet",
        "tried": "nobody was in",
        "spoken": "spoken to",
        "with": "with us",
        "signed": "signed the letter",
        "leave": "asked us not to call",
        "empty": "nobody lives here",
        "trouble": "has mould",
    }
    cycle = (
        "todo",
        "with",
        "spoken",
        "signed",
        "tried",
        "with",
        "todo",
        "signed",
        "leave",
        "spoken",
        "trouble",
        "empty",
    )
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
