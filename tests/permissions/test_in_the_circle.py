"""Every address of a campaign that only its members know, as every kind of person."""

import pytest

from portal.permissions import ACTIONS
from tests.permissions.walk import PEOPLE, routes, walk_everywhere

in_the_circle = pytest.mark.parametrize("world", ["circle"], indirect=True)


@in_the_circle
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says(app, world, sign_in, who):
    walk_everywhere(app, world, sign_in, who=who)


@in_the_circle
def test_outsiders_cannot_tell_a_private_campaign_from_a_missing_one(app, world, sign_in):
    for who in ("visitor", "stranger", "lead elsewhere"):
        browser = sign_in(world.people[who])
        for rule, method, _action in routes(app):
            if method != "GET" or not rule.arguments & {"key", "letter_key", "pair_id", "meeting_key"}:
                continue
            values = {name: world.values(rule.endpoint, own_sign_in=1)[name] for name in rule.arguments}
            made_up = dict(values)
            made_up.update(
                {
                    n: v
                    for n, v in {
                        "key": "A" * 22,
                        "letter_key": "A" * 22,
                        "pair_id": 987654,
                        "meeting_key": "A" * 22,
                    }.items()
                    if n in values
                }
            )
            urls = [app.url_map.bind("localhost").build(rule.endpoint, given) for given in (values, made_up)]
            real, missing = (browser.get(url, buffered=True) for url in urls)
            assert real.status_code == missing.status_code, urls[0]
            if real.status_code == 404:
                assert real.data == missing.data, urls[0]
                assert dict(real.headers) == dict(missing.headers), urls[0]


def test_every_action_of_the_table_is_used_by_a_route_or_a_page(app):
    used = {getattr(view, "action", None) for view in app.view_functions.values()}
    unused = set(ACTIONS) - used
    assert not unused, f"remove from the table, or use: {sorted(unused)}"
