"""Doorstep: a member-run campaign portal. `create_app` is the only place where things are wired together."""

from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import assets, clock, database, gate, jobs, language, limits, once, sessions, settings, web


def create_app(given: dict[str, Any] | None = None) -> Flask:
    """Build the portal. `given` overrides settings, for tests.

    Raises SettingWrong when a setting makes no sense, RuntimeError when a route declares no action.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["int"] = web.RowNumber
    app.config.update(settings.load())
    app.config.update(given or {})
    clock.use_zone(app.config["TIME_ZONE"])
    database.set_up(app.config)
    limits.set_up(app)
    app.session_interface = sessions.Sessions()
    language.set_up(app)
    _set_up_templates(app)
    _set_up_ready_pages(app)
    assets.set_up(app)
    gate.set_up(app)
    _set_up_sign_in(app)
    once.guard(app)
    # After the gate's own checks, so that an expired session keeps what was typed.
    csrf = CSRFProtect(app)
    HTMX(app)
    Compress(app)
    _register_features(app)
    for view in app.view_functions.values():
        # A mail program that stops a mail in one press has no page of ours with a token on it: its link is the proof.
        if getattr(view, "takes_posts_from_mailers", False):
            csrf.exempt(view)
    jobs.set_up(app)
    gate.check_routes(app)
    _set_up_quick_ways(app)
    if app.config["PROXY_COUNT"]:
        hops = app.config["PROXY_COUNT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _set_up_templates(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    app.config["TEMPLATE_CACHE"].mkdir(mode=0o700, parents=True, exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(app.config["TEMPLATE_CACHE"]))
    env.globals.update(may=web.may, once_key=once.once_key, site_name=app.config["SITE_NAME"], absolute=web.absolute)

    @app.context_processor
    def about_this_request() -> dict[str, Any]:
        code = language.current_language()
        # Looked for each time, so that a demo loaded beside a running server says so at once.
        show_banner = app.config.get("DEMO_BANNER", False) or (app.config["DATA_DIR"] / "demo").exists()
        return {"current_locale": code, "text_direction": language.direction_of(code), "show_banner": show_banner}


def _set_up_ready_pages(app: Flask) -> None:
    from portal.dashboards.ready_pages import ReadyPages

    app.wsgi_app = ReadyPages(app.wsgi_app)  # type: ignore[method-assign]


def _set_up_quick_ways(app: Flask) -> None:
    from portal.letters.desk.giving_way import GivingWay
    from portal.letters.desk.quick_looks import QuickLooks
    from portal.letters.quick_signing import QuickSigning

    app.wsgi_app = QuickSigning(app, GivingWay(QuickLooks(app, app.wsgi_app)))  # type: ignore[method-assign]


def _set_up_sign_in(app: Flask) -> None:
    from portal.people import operations

    manager = LoginManager(app)
    # Rows in the database say who is signed in; binding to an address would sign phones out.
    manager.session_protection = None
    manager.user_loader(operations.find_sign_in)


def _register_features(app: Flask) -> None:
    from portal import features

    for blueprint in features.blueprints(app):
        app.register_blueprint(blueprint)
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("components/ui.html").module
