"""The only reader of environment variables.

`load()` returns one dictionary for `app.config`. Each helper fails with the variable's name, so that a
wrong setting is mended without reading code. docs/settings.md explains every name to an operator.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingWrong(Exception):
    """A setting is missing or makes no sense; the text names the variable and what to do."""


def text(env: Mapping[str, str], name: str, default: str = "") -> str:
    """The variable's text without surrounding space, or `default` when unset or empty."""
    return env.get(name, "").strip() or default


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """The variable as a whole number. Raises SettingWrong when it is not one."""
    raw = text(env, name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise SettingWrong(f"{name} must be a whole number, not {raw!r}") from None


def flag(env: Mapping[str, str], name: str, default: bool = False) -> bool:
    """The variable as yes or no. Raises SettingWrong for anything else."""
    raw = text(env, name).lower()
    if not raw:
        return default
    if raw in {"1", "yes", "true", "on"}:
        return True
    if raw in {"0", "no", "false", "off"}:
        return False
    raise SettingWrong(f"{name} must be yes or no, not {raw!r}")


def _one_of(env: Mapping[str, str], name: str, *values: str) -> str:
    """The variable as one of a few words, the first one when unset. Raises SettingWrong for any other."""
    given = text(env, name, values[0]).lower()
    if given not in values:
        raise SettingWrong(f"{name} must be {' or '.join(values)}, not {given!r}")
    return given


def _secret_key(env: Mapping[str, str], production: bool, data_dir: Path) -> str:
    key = text(env, "SECRET_KEY")
    if key:
        if production and len(key) < 32:
            raise SettingWrong(
                "SECRET_KEY must be at least 32 characters: python3 -c 'import secrets; print(secrets.token_hex())'"
            )
        return key
    if production:
        raise SettingWrong("SECRET_KEY is not set: python3 -c 'import secrets; print(secrets.token_hex())' makes one")
    # In development the key lives beside the data, so that a restart signs nobody out.
    path = data_dir / "development-secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(32))
        path.chmod(0o600)
    return path.read_text().strip()


def _reminder_hour(env: Mapping[str, str]) -> int:
    hour = number(env, "REMINDER_HOUR", 8)
    if not 0 <= hour <= 20:
        raise SettingWrong("REMINDER_HOUR must be an hour from 0 to 20")
    return hour


def load(env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings as one dictionary for `app.config`.

    Raises SettingWrong when production lacks SECRET_KEY, BASE_URL or TRUSTED_HOSTS, or a value makes no sense.
    """
    env = os.environ if env is None else env
    environment = text(env, "ENVIRONMENT", "development")
    if environment not in {"development", "production", "test"}:
        raise SettingWrong("ENVIRONMENT must be development, production or test")
    production = environment == "production"
    data_dir = Path(text(env, "DATA_DIR", str(ROOT / "var"))).resolve()
    port = number(env, "PORT", 8000)
    base_url = text(env, "BASE_URL", "" if production else f"http://127.0.0.1:{port}").rstrip("/")
    trusted = [host for host in text(env, "TRUSTED_HOSTS").replace(",", " ").split() if host]
    if production:
        if not base_url:
            raise SettingWrong("BASE_URL is not set: the address people type, such as https://doorstep.example.org")
        if not trusted:
            raise SettingWrong(
                "TRUSTED_HOSTS is not set: the host names this portal answers to, such as doorstep.example.org"
            )
    if base_url and urlsplit(base_url).scheme not in {"http", "https"}:
        raise SettingWrong("BASE_URL must begin with http:// or https://")
    https = base_url.startswith("https://")
    if https and environment == "development":
        raise SettingWrong("BASE_URL is https but ENVIRONMENT is development: set ENVIRONMENT=production")
    host = urlsplit(base_url).hostname or "localhost"
    return {
        "ENVIRONMENT": environment,
        "PRODUCTION": production,
        "DEVELOPMENT": environment == "development",
        "TESTING": environment == "test",
        "DATA_DIR": data_dir,
        # Templates as they were compiled: a process that starts need not do it again.
        "TEMPLATE_CACHE": Path(text(env, "TEMPLATE_CACHE") or data_dir / "templates").absolute(),
        "PORT": port,
        "BASE_URL": base_url,
        # None lets every host in, which only development and tests may do.
        "TRUSTED_HOSTS": trusted or None,
        "SECRET_KEY": _secret_key(env, production, data_dir),
        "DATABASE_URL": text(env, "DATABASE_URL", f"sqlite:///{data_dir / 'doorstep.db'}"),
        "PROXY_COUNT": number(env, "PROXY_COUNT", 0),
        "WEB_WORKERS": number(env, "WEB_WORKERS", 2),
        "SITE_NAME": text(env, "SITE_NAME", "Doorstep"),
        "TIME_ZONE": text(env, "TIME_ZONE", "Europe/London"),
        "SMTP_HOST": text(env, "SMTP_HOST"),
        "SMTP_PORT": number(env, "SMTP_PORT", 587),
        "SMTP_SECURITY": text(env, "SMTP_SECURITY", "starttls"),
        "SMTP_USERNAME": text(env, "SMTP_USERNAME"),
        "SMTP_PASSWORD": env.get("SMTP_PASSWORD", ""),
        "MAIL_FROM": text(
            env, "MAIL_FROM", f"portal@{host if '.' in host and not host[0].isdigit() else 'example.org'}"
        ),
        "REPLY_DOMAIN": text(env, "REPLY_DOMAIN", f"reply.{host}" if production else "reply.example.org"),
        # Where a host gives no mailbox of its own to every name, answers come to mailbox+r-…@REPLY_DOMAIN.
        "REPLY_MAILBOX": text(env, "REPLY_MAILBOX").lower(),
        "TRUSTED_RECEIVERS": text(env, "TRUSTED_RECEIVERS").lower().replace(",", " ").split(),
        "INBOUND_HOST": text(env, "INBOUND_HOST", "127.0.0.1"),
        "INBOUND_PORT": number(env, "INBOUND_PORT", 0),
        "INBOUND_PROTOCOL": _one_of(env, "INBOUND_PROTOCOL", "lmtp", "smtp"),
        "LISTABLE_AT": number(env, "LISTABLE_AT", 5),
        "ROLE_DAYS": number(env, "ROLE_DAYS", 182),
        "REMINDER_HOUR": _reminder_hour(env),
        "MAX_CONTENT_LENGTH": number(env, "MAX_UPLOAD_MB", 25) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 400,
        "SESSION_COOKIE_NAME": "__Host-s" if https else "s",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
        "SESSION_IDLE_DAYS": 14,
        # A long draft must survive: the token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "PASSWORD_HASHING": "cheap" if environment == "test" else "full",
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_DEFAULT_TIMEZONE": text(env, "TIME_ZONE", "Europe/London"),
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "portal" / "translations"),
        "COMPRESS_MIMETYPES": ["text/html", "text/calendar", "text/plain", "application/json"],
        "COMPRESS_MIN_SIZE": 500,
    }
