"""What every page weighs on the wire and how many statements it asks of the database, in one quiet process."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from bench import data
from bench.database import Place
from bench.report import Report
from portal.database import close_connection, db
from tests.cast import Cast
from tests.clients import Client
from tests.counting import count_sql
from tests.permissions.world import World

KB = 1024
# A secret link, or a page that exists only after something went wrong: walked by tests, not here.
NOT_WALKED = {"people.sign_in_link", "people.sign_out", "health.alive", "health.ready"}
# Where people spend their time; the other pages are asked the same and told together.
MAIN = (
    "dashboards.start",
    "dashboards.browse",
    "dashboards.campaign",
    "signing.show",
    "letters.show",
    "promises.index",
    "meetings.show",
    "people.sign_in",
)
ASSETS = re.compile(r'<(?:link rel="stylesheet"|script)[^>]* (?:href|src)="(/static/[^"]+)"')


def measure(report: Report, place: Place) -> None:
    """Walk every page signed out and as somebody who leads, on a campaign with one of everything."""
    app = data.fresh_app(
        place.folder,
        place.url,
        ENVIRONMENT="test",
        TESTING=True,
        PRODUCTION=False,
        BASE_URL="http://localhost",
        TRUSTED_HOSTS=None,
        PASSWORD_HASHING="cheap",
        PROPAGATE_EXCEPTIONS=None,
    )
    app.test_client_class = Client
    with app.app_context():
        db.connect(reuse_if_open=True)
        cast = Cast()
        world = World(cast, visibility="public")
    outside = _walk(app, world, None)
    inside = _walk(app, world, cast.amina)
    statements = {name: page.statements for name, page in inside.items()}
    worst = max(statements, key=lambda name: statements[name])
    report.goal(f"most statements of a page, signed in ({worst})", statements[worst], "<= 5")
    above = [f"{name} {count}" for name, count in sorted(statements.items()) if count > 5]
    if above:
        report.note(f"Above five statements: {', '.join(above)}.")
    report.goal(
        "statements of an unchanged campaign page, signed out", outside["dashboards.campaign"].statements, "<= 1"
    )
    _tell_bytes(report, outside, inside)
    close_connection()


class Page:
    """One page as a browser gets it for the second time: bytes and statements."""

    def __init__(self, browser: Any, url: str) -> None:
        browser.get(url, buffered=True)
        with count_sql() as seen:
            answer = browser.get(url, buffered=True)
        self.status: int = answer.status_code
        self.statements = len(seen)
        self.is_html = answer.mimetype == "text/html"
        text = answer.get_data(as_text=True) if self.is_html else ""
        self.html = _zipped(text.encode())
        paths = list(dict.fromkeys(ASSETS.findall(text)))
        self.styles = sum(_zipped(browser.get(path, buffered=True).data) for path in paths if path.endswith(".css"))
        self.scripts = sum(_zipped(browser.get(path, buffered=True).data) for path in paths if path.endswith(".js"))


def _zipped(content: bytes) -> int:
    """Bytes by gzip, which every browser takes; brotli and zstd, which most take, are smaller."""
    return len(gzip.compress(content, 6, mtime=0))


def _walk(app: Flask, world: World, person: Any) -> dict[str, Page]:
    pages = {}
    for endpoint, url in _addresses(app, world, person):
        with app.app_context():
            browser: Any = app.test_client()
            if person is not None:
                browser.sign_in(person)
        page = Page(browser, url)
        if page.status == 200 and page.is_html:
            pages[endpoint] = page
    return pages


def _addresses(app: Flask, world: World, person: Any) -> Iterator[tuple[str, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=str):
        is_page = "GET" in (rule.methods or ()) and not rule.arguments & {"token", "filename", "secret"}
        if not is_page or rule.endpoint in NOT_WALKED or rule.endpoint.startswith(("development.", "styleguide.")):
            continue
        with app.app_context():
            values = world.values(rule.endpoint, person)
        built = {name: values[name] for name in rule.arguments}
        yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, built)


def _tell_bytes(report: Report, outside: dict[str, Page], inside: dict[str, Page]) -> None:
    first = outside["dashboards.campaign"]
    whole = (first.html + first.styles + first.scripts) / KB
    report.goal("first load of a campaign: HTML, CSS and JS by gzip", whole, "<= 36", unit=" KB")
    everything = {**{f"{name} signed out": page for name, page in outside.items()}, **inside}
    main = {name: page for name, page in everything.items() if name.split()[0] in MAIN}
    heaviest = max(main, key=lambda name: main[name].html + main[name].styles)
    page = main[heaviest]
    report.goal(f"heaviest main page without JS ({heaviest})", (page.html + page.styles) / KB, "<= 14", unit=" KB")
    report.fact("the stylesheet alone", page.styles / KB, unit=" KB")
    report.fact("the scripts alone", page.scripts / KB, unit=" KB")
    above = [f"{name} {(p.html + p.styles) / KB:.1f}" for name, p in everything.items() if p.html + p.styles > 14 * KB]
    if above:
        report.note(f"HTML and CSS above 14 KB: {', '.join(sorted(above))}.")
    report.note(f"{len(outside)} pages walked signed out, {len(inside)} as a lead.")
