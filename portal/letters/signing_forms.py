"""Forms for people who sign."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.forms import (
    BooleanField,
    Email,
    Form,
    Length,
    Name,
    RadioField,
    Words,
    needed,
    normal_address,
    one_line,
    wrong_with_name,
)

DISPLAY_CHOICES = (
    ("hidden", _l("Not shown")),
    ("resident", _l("“A resident of this place”")),
    ("first_name", _l("First name only")),
    ("full", _l("Full name")),
)

_DISPLAYS = {value for value, _label in DISPLAY_CHOICES}
HOME_WORDS_MOST = 40
TICKED = "y"


class _HowShown:
    """What both forms ask about showing the name."""

    choice_hints = {
        "hidden": _l("You are counted. Only the leads of the campaign know who you are."),
        "resident": _l("You are counted, and one more line says that a neighbour signed."),
        "first_name": _l("Your first name stands under the letter."),
        "full": _l("Your whole name stands under the letter, for everybody to read."),
    }


class SignLetterForm(Form):
    """Put your name to the letter."""

    name = Name(_l("Your name"), [needed(_l("Enter your name"))], render_kw={"autocomplete": "name"})
    email = Email(
        _l("Your e-mail address"),
        [needed(_l("Enter your e-mail address, so that we can make sure it is you"))],
        render_kw={"autocomplete": "email", "type": "email"},
    )
    home_words = Words(
        _l("Your home"), [Length(max=HOME_WORDS_MOST, message=_l("The home must be 40 characters or less"))]
    )
    display = RadioField(
        _l("How should your name be shown to everybody?"),
        [needed(_l("Choose how your name should be shown"))],
        choices=DISPLAY_CHOICES,
        default="hidden",
    )
    show_to_target = BooleanField(_l("Those we write to may see my name"))
    wants_news = BooleanField(_l("Send me news of this campaign. One press stops it"))
    count_me = BooleanField(
        _l("Count me among those who sign this letter"), [needed(_l("Tick the box to say that you sign this letter"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.display.choice_hints = _HowShown.choice_hints


def plain_signature(typed: dict[str, str]) -> dict[str, Any] | None:
    """What SignLetterForm makes of a wholly good form, without the cost of drawing one; None for every other.

    Never more lenient than the form: what is missing, wrong or merely unusual is left to it, and so are all sentences.
    """
    name, email = one_line(typed.get("name", "")), normal_address(one_line(typed.get("email", "")))
    home_words, display = one_line(typed.get("home_words", "")), typed.get("display")
    boxes = [typed.get(box) for box in ("count_me", "show_to_target", "wants_news")]
    is_good = (
        name
        and email
        and wrong_with_name(name) is None
        and len(home_words) <= HOME_WORDS_MOST
        and display in _DISPLAYS
        and boxes[0] == TICKED
        and all(box in (None, TICKED) for box in boxes)
    )
    if not is_good:
        return None
    return {
        "name": name,
        "email": email,
        "display": display,
        "show_to_target": boxes[1] is not None,
        "wants_news": boxes[2] is not None,
        "home_words": home_words,
    }


class HowShownForm(Form):
    """Change how your name is shown."""

    display = RadioField(_l("How should your name be shown to everybody?"), choices=DISPLAY_CHOICES)
    show_to_target = BooleanField(_l("Those we write to may see my name"))
    wants_news = BooleanField(_l("Send me news of this campaign. One press stops it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.display.choice_hints = _HowShown.choice_hints
