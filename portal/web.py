"""What every view uses: find, allow, answer. Nothing here knows a feature."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request, send_file
from flask_login import current_user
from jinja2_fragments.flask import render_blocks
from werkzeug.routing import IntegerConverter, Map

from portal import permissions, storage
from portal.errors import RuleBroken
from portal.tokens import sign, unsign

# Files that leave under their own type. Every other kind leaves as mere bytes.
NAMED_DOWNLOADS = {"application/pdf", "image/jpeg", "image/png", "image/webp"}

View = TypeVar("View", bound=Callable[..., Any])


class RowNumber(IntegerConverter):
    """A row's number in an address. One that no database can hold is missing like any other."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = None) -> None:
        super().__init__(url_map, fixed_digits, min, 2**31 - 1 if max is None else max)


def action(name: str) -> Callable[[View], View]:
    """Declare which action of the permission table a route is. A route without one fails to register."""
    if name not in permissions.ACTIONS:
        raise KeyError(f"{name} is not in the permission table")

    def declare(view: View) -> View:
        view.action = name  # type: ignore[attr-defined]
        return view

    return declare


def current_person() -> Any:
    """The person signed in, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def may(name: str, thing: permissions.Thing = permissions.SITE) -> bool:
    """Whether the person of this request may do `name` to `thing`. Templates know it as `may`."""
    return permissions.can(current_person(), name, thing)


def require(name: str, thing: permissions.Thing = permissions.SITE) -> None:
    """Answer 403 unless allowed; 404 when the person is nothing at all to the thing."""
    g.asked = getattr(g, "asked", set()) | {name}
    parts = thing.parts_of(current_person())
    if not parts:
        abort(404)
    if not permissions.ACTIONS[name] & parts:
        abort(403)


def get_or_404(query: Any, *where: Any) -> Any:
    """The one row of `query`, usually a `visible_to` scope, or the same 404 as for anything missing."""
    row = query.where(*where).first()
    if row is None:
        abort(404)
    return row


def wants_fragment() -> bool:
    """Whether htmx asked for a piece of a page, rather than for a page or a history entry."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response


def render(template: str, fragment: str | None = None, *, status: int = 200, **context: Any) -> Response:
    """The whole page, or only the block `fragment` of it when htmx asked."""
    if fragment and wants_fragment():
        return _vary(make_response(render_blocks(template, [fragment], **context), status))
    return _vary(make_response(render_template(template, **context), status))


def done(template: str, fragments: str | Iterable[str], *, to: str, **context: Any) -> Response:
    """After a success: the changed blocks for htmx, otherwise on to the page `to` (303)."""
    if wants_fragment():
        blocks = [fragments] if isinstance(fragments, str) else list(fragments)
        response = make_response(render_blocks(template, blocks, **context))
        response.headers["X-Once-Answer"] = to
        return _vary(response)
    return go(to)


def go(to: str) -> Response:
    """On to another page after a success. htmx leaves the page too."""
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = to
        response.headers["X-Once-Answer"] = to
        return _vary(response)
    return _vary(redirect(to, code=303))  # type: ignore[arg-type]


def download(stored: storage.StoredFile) -> Response:
    """A stored file, byte for byte, as a download only: it came from outside, and nothing in it may run here."""
    kind = stored.content_type if stored.content_type in NAMED_DOWNLOADS else "application/octet-stream"
    answer = send_file(
        storage.path_of(stored.sha256),
        mimetype=kind,
        as_attachment=True,
        download_name=stored.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def show_rule(form: Any, broken: RuleBroken) -> None:
    """Put a broken rule by its field, or at the top of the form."""
    field = getattr(form, broken.field, None) if broken.field else None
    if field is not None:
        field.errors = [*field.errors, broken.message]
    else:
        form.form_errors.append(broken.message)


# ---- where to go after signing in: a signed path, never a URL from outside ----


def remember_next() -> str:
    """A signed note of the page that was asked for."""
    path = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return sign("next", path) if len(path) < 500 else ""


def read_next(token: str) -> str:
    """The path in a note of `remember_next`, or the start page."""
    path = unsign("next", token) if token else None
    return path if isinstance(path, str) and path.startswith("/") and not path.startswith("//") else "/"


def absolute(path: str) -> str:
    """A link for mail and paper: the configured address, never the one a request claims."""
    return f"{current_app.config['BASE_URL']}{path}"


def path_to(endpoint: str, **values: Any) -> str:
    """The path of a view. Unlike `url_for` it needs no request, so the worker can write links too."""
    return current_app.url_map.bind("").build(endpoint, values)


def link_to(endpoint: str, **values: Any) -> str:
    """A link to a view, for a mail that may be written where there is no request, such as in a job."""
    return absolute(path_to(endpoint, **values))
