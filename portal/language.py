"""Words, dates and numbers as people here read them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal import clock

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi"}
_known: list[str] = ["en"]


def set_up(app: Flask) -> None:
    """Tie Babel and the date filters to the app."""
    folder = Path(app.config["BABEL_TRANSLATION_DIRECTORIES"])
    _known[:] = ["en", *sorted(path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.mo"))]
    best_for.cache_clear()

    def chosen() -> str:
        """The best of the languages there are for what the browser asks; English in mails and jobs."""
        return best_for(request.headers.get("Accept-Language", "")) if has_request_context() else "en"

    babel = Babel(app, default_locale="en", default_timezone=app.config["TIME_ZONE"], locale_selector=chosen)
    babel.domain_instance = _Words()
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        format_day=format_day,
        format_moment=format_moment,
        format_ago=format_ago,
        format_clock=format_clock,
        inside=inside,
    )
    app.jinja_env.globals.update(to_local=clock.to_local, today=clock.today, direction_of=direction_of)


class _Words(Domain):
    """The translations, looked up once for each request and language instead of for every sentence on a page."""

    def get_translations(self) -> Any:
        """The translations of this request, as `flask_babel.Domain` finds them."""
        kept = _kept_words()
        found = getattr(kept, "words", None)
        if found is not None and found[0] is getattr(kept, "babel_locale", None):
            return found[1]
        words = super().get_translations()
        # Babel makes its place when it is first asked.
        kept = _kept_words()
        if kept is not None:
            kept.words = kept.babel_locale, words
        return words


def _kept_words() -> Any:
    """Where Babel keeps what it has found for this request."""
    return getattr(g, "_flask_babel", None) if has_app_context() else None


@lru_cache(maxsize=256)
def best_for(accepted: str) -> str:
    """The best of the languages there are for what a browser asks (Accept-Language)."""
    return parse_accept_header(accepted, LanguageAccept).best_match(_known) or "en"


def current_language() -> str:
    """The language of the words on this page, such as "en"."""
    locale = get_locale()
    return locale.language if locale else "en"


def inside(words: str) -> str:
    """Words made fit to stand inside a sentence: without the full stop at their end."""
    return words.rstrip().removesuffix(".")


def direction_of(language: str) -> str:
    """ "rtl" or "ltr" for a language code."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _babel_locale() -> Any:
    locale = get_locale()
    # en alone writes dates the American way; the portal is at home in Britain.
    return "en_GB" if locale is None or str(locale) == "en" else locale


def format_day(day: date, weekday: bool = True) -> str:
    """ "Thu 26 Nov", with the year when it is not this one."""
    if isinstance(day, datetime):
        day = clock.to_local(day).date()
    pattern = ("EEE " if weekday else "") + "d MMM"
    if day.year != clock.today().year:
        pattern += " y"
    return format_date(day, pattern, locale=_babel_locale())


def format_clock(moment: datetime) -> str:
    """ "14:05" on the wall clock."""
    return format_time(clock.to_local(moment), "HH:mm", locale=_babel_locale())


def format_moment(moment: datetime) -> str:
    """ "Thu 26 Nov, 14:05"."""
    return f"{format_day(moment)}, {format_clock(moment)}"


def format_ago(moment: datetime) -> str:
    """How long ago, roughly: "just now", "20 minutes ago", "yesterday", "12 days ago"."""
    seconds = int((clock.now() - moment) / timedelta(seconds=1))
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", seconds // 60)
    days = (clock.today() - clock.to_local(moment).date()).days
    if days == 0:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", seconds // 3600)
    if days == 1:
        return _("yesterday")
    return ngettext("%(num)d day ago", "%(num)d days ago", days)
