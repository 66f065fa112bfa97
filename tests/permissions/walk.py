"""Every address, as every kind of person, in a campaign in the circle and in a public one.

The expectation is computed from the permission table: nothing to the thing → the 404 of anything missing; something,
but not allowed → 403; signed out where an account is needed → to the sign-in. A new route is walked by itself.
"""

from portal.database import db
from portal.permissions import can, is_open_to_visitors

PEOPLE = (
    "visitor",
    "stranger",
    "lead elsewhere",
    "member",
    "lead",
    "drafter",
    "door captain",
    "secretary",
    "organizer",
    "asked organizer",
)
# The link itself is the right: whoever holds it may. Each has tests of its own.
BY_LINK = {
    "people.sign_in_link",
    "signatures.confirm",
    "signatures.manage",
    "signatures.change_display",
    "signatures.withdraw",
    "signatures.not_me",
    "invitations.accept",
    "invitations.join",
}
# Rules narrower than the table: only whoever made, holds or is to do the thing itself. Each has tests of its own.
OWN_THING_ONLY = {
    "invitations.show",
    "invitations.close",
    "roles.hand_back",
    "suggestions.withdraw",
    "suggestions.rebase",
    "comments.take_back",
    "proposals.withdraw",
}
# A thing that is there for everybody allowed may still be gone: nothing was removed, nothing waits.
MAY_BE_MISSING = {
    "development.mail",
    "styleguide.error",
    "styleguide.paper",
    "blocks.restore",
    "organizers.answer",
    "organizers.stop",
    "room.tick",
    "blocks.new",
    "suggesting.part",
    "clashes.merged",
    "clashes.settle",
    "press.file",
    "deliveries.asked_proof",
    # There only while the campaign is public.
    "public_record.as_csv",
    "public_record.as_json",
    "public_record.as_atom",
    "public_record.picture",
    "public_record.update",
}


def routes(app):
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in BY_LINK or "token" in rule.arguments or "filename" in rule.arguments:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, view.action


def expected(world, person, action, thing):
    if person is None and not is_open_to_visitors(action):
        return "sign in"
    if thing is None:
        # What belongs to the site itself, such as its calendars.
        return "fine" if can(person, action) else "forbidden"
    parts = thing.parts_of(person)
    if not parts:
        return "missing"
    return "fine" if can(person, action, thing) else "forbidden"


def seen(answer):
    if answer.status_code in (401, 303) and (
        "sign-in" in answer.headers.get("Location", "") or answer.status_code == 401
    ):
        return "sign in"
    return {404: "missing", 403: "forbidden"}.get(answer.status_code, "fine")


def walk_everywhere(app, world, sign_in, *, who):
    """Ask every address as one person; fails with the list of answers that differ from the table."""
    person = world.people[who]
    browser = sign_in(person)
    token = browser.token()
    own_sign_in = world.own_sign_in(person)
    addresses = app.url_map.bind("localhost")
    wrong = []
    for rule, method, action in routes(app):
        values = world.values(rule.endpoint, own_sign_in)
        url = addresses.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        thing = world.thing(rule.arguments)
        wanted = expected(world, person, action, thing)
        with db.atomic() as here:
            data = {"csrf_token": token} if method == "POST" else None
            answer = browser.open(url, method=method, data=data, buffered=True)
            here.rollback()
        if rule.endpoint in {"people.sign_out", "dashboards.leaving"} and method == "POST":
            browser = sign_in(person)
            token = browser.token()
        got = seen(answer)
        if wanted == "fine" and got == "missing" and rule.endpoint in MAY_BE_MISSING:
            continue
        if wanted == "fine" and rule.endpoint in OWN_THING_ONLY:
            continue
        if rule.endpoint in {"people.sign_in", "people.sign_in_password"}:
            continue
        if got != wanted or answer.status_code >= 500:
            wrong.append(f"{method} {url} ({action}): {answer.status_code}, wanted {wanted}")
    assert not wrong, "\n".join(wrong)
