"""Every address of a public campaign, and of one by link, as every kind of person."""

import pytest

from tests.permissions.walk import PEOPLE, walk_everywhere


@pytest.mark.parametrize("world", ["public"], indirect=True)
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says(app, world, sign_in, who):
    walk_everywhere(app, world, sign_in, who=who)


@pytest.mark.parametrize("world", ["link"], indirect=True)
@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_by_link_outsiders_get_what_the_table_says(app, world, sign_in, who):
    walk_everywhere(app, world, sign_in, who=who)
