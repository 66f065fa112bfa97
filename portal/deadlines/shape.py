"""The form that a rule file must have. A file that has not is refused when it is loaded, with the place named."""

from collections.abc import Mapping
from datetime import date
from typing import Any

SCHEMA = 1
UNITS = {"hour", "day", "wd", "week", "month"}
FIRST_DAYS = {"day_after", "same_day", "elapsed"}
STATUSES = {"in_force", "planned", "repealed", "local_promise"}
CONFIDENCES = {"high", "medium", "low", "unverified"}
AWAITS = {"acknowledgement", "answer", "meeting", "work", "information", "comments"}
CHANNELS = {"email", "post", "hand", "web"}
CALENDARS = {"gb-eng-wls", "gb-sct", "gb-nir", "gb-union", "none"}
# What can happen to a letter. The first four come from its deliveries and answers, the others are typed in.
EVENTS = (
    "posted",
    "delivered",
    "received",
    "acknowledged",
    "aware",
    "investigation_concluded",
    "final_response",
    "notice_date",
    "period_end",
    "request",
    "stage_two_asked",
    "claim_sent",
)
KINDS = {
    "acknowledgement",
    "holding",
    "request_info",
    "refusal",
    "partial",
    "offer",
    "meeting_agreed",
    "commitment",
    "vague_promise",
    "done_claimed",
    "legal_threat",
    "auto_reply",
    "correction",
}
RULE_KEYS = {
    "id": str,
    "title": str,
    "plain": str,
    "awaits": str,
    "trigger": dict,
    "period": dict,
    "status": str,
    "confidence": str,
    "source": dict,
}
OPTIONAL_KEYS = {
    "applies",
    "calendar",
    "extension",
    "deemed_receipt",
    "satisfied_by",
    "not_satisfied_by",
    "on_breach",
    "remedy_note",
    "valid_from",
    "valid_to",
    "advice",
    "set",
}
SET_KEYS = {"schema": int, "set": str, "name": str, "calendar": str, "last_reviewed": str, "rules": list}


class RuleFileWrong(ValueError):
    """A rule file is not in the form. The message names the set, the rule and the field."""


def _refuse(where: str, what: str) -> None:
    raise RuleFileWrong(f"{where}: {what}")


def _one_of(value: Any, known: Any, where: str) -> None:
    if value not in known:
        _refuse(where, f"{value!r} is none of {', '.join(sorted(map(str, known)))}")


def _keys(given: Mapping[str, Any], needed: Mapping[str, type], where: str) -> None:
    for key, kind in needed.items():
        if not isinstance(given.get(key), kind):
            _refuse(where, f"{key} must be there and be of type {kind.__name__}")


def _day(value: Any, where: str) -> None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        _refuse(where, f"{value!r} is not a date like 2026-11-23")


def _period(given: Any, where: str) -> None:
    if not isinstance(given, Mapping):
        _refuse(where, "a period has n and unit")
    if not isinstance(given.get("n"), int) or given["n"] < 0:
        _refuse(where, "n must be a whole number from 0 on")
    _one_of(given.get("unit"), UNITS, f"{where}, unit")
    _one_of(given.get("first_day", "day_after"), FIRST_DAYS, f"{where}, first_day")
    if (given["unit"] == "hour") != (given.get("first_day") == "elapsed"):
        _refuse(where, "hours are elapsed time, and only hours are")


def _moment(given: Any, where: str) -> None:
    if not isinstance(given, Mapping):
        _refuse(where, "an event is needed")
    _one_of(given.get("event"), EVENTS, f"{where}, event")
    if "add" in given:
        _period(given["add"], f"{where}, add")
    if "fallback" in given:
        _moment(given["fallback"], f"{where}, fallback")


def check_rule(given: Mapping[str, Any], set_name: str) -> None:
    """Whether a rule is in the form. Raises RuleFileWrong with the place and what is wrong there."""
    where = f"rules/{set_name}.json, {given.get('id') or 'a rule without an id'}"
    _keys(given, RULE_KEYS, where)
    strange = set(given) - set(RULE_KEYS) - OPTIONAL_KEYS
    if strange:
        _refuse(where, f"unknown: {', '.join(sorted(strange))}")
    _one_of(given["awaits"], AWAITS, f"{where}, awaits")
    _one_of(given["status"], STATUSES, f"{where}, status")
    _one_of(given["confidence"], CONFIDENCES, f"{where}, confidence")
    _period(given["period"], f"{where}, period")
    later_of = given["trigger"].get("later_of")
    for moment in later_of if later_of is not None else [given["trigger"]]:
        _moment(moment, f"{where}, trigger")
    for channel, period in given.get("deemed_receipt", {}).items():
        _one_of(channel, CHANNELS, f"{where}, deemed_receipt")
        if period is not None:
            _period(period, f"{where}, deemed_receipt of {channel}")
    for key in ("satisfied_by", "not_satisfied_by"):
        for kind in given.get(key, ()):
            _one_of(kind, KINDS, f"{where}, {key}")
    if set(given.get("satisfied_by", ())) & set(given.get("not_satisfied_by", ())):
        _refuse(where, "a kind of answer stands in both satisfied_by and not_satisfied_by")
    if "calendar" in given:
        _one_of(given["calendar"], CALENDARS, f"{where}, calendar")
    extension = given.get("extension")
    if extension is not None:
        _keys(extension, {"allowed": bool}, f"{where}, extension")
        if "n" in extension:
            _period(extension, f"{where}, extension")
    for key in ("valid_from", "valid_to"):
        if given.get(key) is not None:
            _day(given[key], f"{where}, {key}")
    _keys(given["source"], {"title": str, "url": str, "checked": str}, f"{where}, source")
    _day(given["source"]["checked"], f"{where}, source, checked")
    if not given["source"]["url"].startswith("https://") and given["source"]["url"]:
        _refuse(f"{where}, source", "url must begin with https://")


def check_set(given: Mapping[str, Any]) -> None:
    """Whether a rule file as a whole is in the form: known schema, no rule twice for a day, chains of known rules."""
    where = f"rules/{given.get('set', '?')}.json"
    _keys(given, SET_KEYS, where)
    if given["schema"] != SCHEMA:
        _refuse(where, f"schema {given['schema']} is unknown; this portal reads {SCHEMA}")
    _one_of(given["calendar"], CALENDARS, f"{where}, calendar")
    _day(given["last_reviewed"], f"{where}, last_reviewed")
    seen: set[tuple[Any, Any]] = set()
    for rule in given["rules"]:
        key = (rule.get("id"), rule.get("valid_from"))
        if key in seen:
            _refuse(where, f"{rule.get('id')} stands there twice from the same day")
        seen.add(key)
    ids = {rule.get("id") for rule in given["rules"]}
    bodies = {body.get("id") for body in given.get("bodies", ())}
    for rule in given["rules"]:
        body = (rule.get("on_breach") or {}).get("body")
        if body is not None:
            _one_of(body, bodies, f"{where}, {rule.get('id')}, on_breach")
    for chain in given.get("chains", ()):
        for step in chain["steps"]:
            _one_of(step, ids | bodies, f"{where}, chain {chain.get('id')}")
