"""The gate before every view and the headers after it: sign-in, cross-site posts, errors, security headers."""

import secrets
from typing import Any

import peewee
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal import permissions
from portal.database import close_connection, drop_connection, open_connection
from portal.errors import AlreadyDone, TooFast
from portal.web import remember_next, wants_fragment

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "worker-src 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
# What every answer has too that is not a public page.
PRIVATE = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
NO_DATABASE = {"static", "health"}
PLAIN = "text/plain; charset=utf-8"


def set_up(app: Flask) -> None:
    """Hang the gate into the app. Call before other before_request hooks that need a connection."""
    app.before_request(_open_database)
    app.before_request(_refuse_other_sites)
    app.before_request(_ask_for_sign_in)
    app.after_request(_check_that_somebody_asked)
    app.after_request(_add_headers)
    app.teardown_request(_let_go)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _old_page)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(TooFast, _too_fast)
    app.register_error_handler(peewee.OperationalError, _database_busy)
    app.register_error_handler(Exception, _our_fault)


def check_routes(app: Flask) -> None:
    """Refuse to start with a route that declares no action. Raises RuntimeError naming them."""
    bare = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "action")
    )
    if bare:
        raise RuntimeError(f"routes without an action: {', '.join(bare)}")


def _open_database() -> None:
    if request.endpoint not in NO_DATABASE:
        open_connection()


def _refuse_other_sites() -> Response | None:
    """A form on another site may not act in somebody's name, whatever cookies come along."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    view = _view()
    if getattr(view, "takes_posts_from_mailers", False):
        return None
    return _error_page(403) if is_from_elsewhere(site, origin, request.host_url.rstrip("/")) else None


def is_from_elsewhere(site: str | None, origin: str | None, own: str) -> bool:
    """Whether a post was begun by another site, by what the browser says in Sec-Fetch-Site or else in Origin.

    `own` is the portal's own origin as this request names it.
    """
    return site not in ("same-origin", "none") if site else bool(origin) and origin != own


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _ask_for_sign_in() -> Response | None:
    view = _view()
    name = getattr(view, "action", None)
    if view is None or name is None or permissions.is_open_to_visitors(name) or current_user.is_authenticated:
        return None
    if request.method == "POST":
        return keep_what_was_typed(signed_out=True)
    to = url_for("people.sign_in", next=remember_next())
    if wants_fragment():
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = to
        return answer
    return redirect(to, code=303)  # type: ignore[return-value]


def keep_what_was_typed(*, signed_out: bool) -> Response:
    """The page was old or the session over: show what was typed, ready to be sent again. Nothing is lost."""
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "once"} and "password" not in name
    ]
    page = render_template(
        "errors/kept.html",
        typed=typed,
        signed_out=signed_out,
        path=request.full_path.rstrip("?"),
        had_files=bool(request.files),
    )
    response = make_response(page, 401 if signed_out else 400)
    if wants_fragment():
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _check_that_somebody_asked(response: Response) -> Response:
    """In development and tests a view that never asked `require` for its action is a mistake, loudly."""

    name = getattr(_view(), "action", None)
    if name is None or current_app.config["PRODUCTION"] or response.status_code >= 300:
        return response
    if not permissions.is_open_to_visitors(name) and name not in getattr(g, "asked", set()):
        raise RuntimeError(f"{request.endpoint} answered without require({name!r}, …)")
    return response


def _add_headers(response: Response) -> Response:
    response.vary.add("HX-Request")
    wanted = standing_headers(is_https=current_app.config["SESSION_COOKIE_SECURE"])
    if not getattr(g, "is_public_page", False):
        wanted = {**wanted, **PRIVATE}
        if request.endpoint == "static":
            del wanted["Cache-Control"]
    # Looked for all at once: asking the headers for each reads all of them each time.
    there = {name.lower() for name, _value in response.headers}
    for name, value in wanted.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


def standing_headers(*, is_https: bool) -> dict[str, str]:
    """The headers that every answer has."""
    return {**HEADERS, **HTTPS_ONLY} if is_https else HEADERS


def headers_for_one(*, is_https: bool) -> list[tuple[str, str]]:
    """The headers of an answer for one person alone, where it is made before Flask."""
    vary = {"Vary": "HX-Request, Accept-Encoding, Cookie"}
    return list({**vary, **standing_headers(is_https=is_https), **PRIVATE}.items())


def _let_go(error: BaseException | None) -> None:
    if error is not None:
        drop_connection()


def _error_page(code: int) -> Response:
    return make_response(render_template(f"errors/{code}.html"), code)


def _bare_page(code: int, **context: Any) -> Response:
    """An error page drawn without asking who is signed in: the database may be what failed."""
    page = current_app.jinja_env.get_template(f"errors/{code}.html").render(**context)
    return make_response(page, code)


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    if request_ctx.url_adapter is None:
        # The request names another host than ours. Pages are full of our addresses, and there is none to build them on.
        return make_response("This portal does not answer to this name.\n", 400, {"Content-Type": PLAIN})
    if code not in {400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503}:
        code = 400 if code < 500 else 500
    response = _bare_page(code) if code >= 500 else _error_page(code)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _old_page(error: CSRFError) -> Response:
    return keep_what_was_typed(signed_out=False)


def _already_done(error: AlreadyDone) -> Response:
    to = error.answer or (request.referrer or "/")
    if not error.answer and not to.startswith(request.host_url):
        to = "/"
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = to
        return response
    return redirect(to, code=303)  # type: ignore[return-value]


def _too_fast(error: TooFast) -> Response:
    response = _error_page(429)
    response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def _database_busy(error: peewee.OperationalError) -> Response:
    current_app.logger.error("the database did not answer: %s", type(error).__name__)
    close_connection()
    response = _bare_page(503)
    response.headers["Retry-After"] = "5"
    return response


def _our_fault(error: Exception) -> Response:
    if current_app.config["PROPAGATE_EXCEPTIONS"] or current_app.testing:
        raise error
    number = secrets.token_hex(4)
    current_app.logger.error("error %s", number, exc_info=error)
    return _bare_page(500, number=number)
