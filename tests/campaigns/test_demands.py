"""What exactly we ask for: gaps, order, withdrawing, and two who write at once."""

from datetime import date

import pytest

from portal.campaigns import demands
from portal.campaigns.models import Demand
from portal.errors import RuleBroken
from tests.builders import build_campaign, build_demand
from tests.counting import count_sql


@pytest.fixture
def campaign(cast):
    campaign = build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola, floors=2, homes_per_floor=4)
    return campaign


def url_of(campaign, rest=""):
    return f"/campaigns/{campaign.key}/demands{rest}"


def in_order(campaign):
    standing = Demand.select().where(Demand.campaign == campaign.id, Demand.withdrawn_at.is_null())
    return [row.what for row in standing.order_by(Demand.position)]


class TestTheList:
    def test_it_says_in_plain_words_what_is_missing(self, sign_in, cast, campaign):
        build_demand(campaign, "Mend the roof", by_on=None, test="")
        page = sign_in(cast.cerys).get(url_of(campaign)).text
        assert "by when, how we will know, how many homes feel it, the smallest first step" in page

    def test_a_ready_one_says_so(self, sign_in, cast, campaign):
        build_demand(campaign, home_count=3, first_win="A date")
        page = sign_in(cast.amina).get(url_of(campaign)).text
        assert "It is ready for a letter." in page and "3 of 8" in page

    def test_an_empty_one_says_what_to_do(self, sign_in, cast, campaign):
        assert "Write the first demand" in sign_in(cast.amina).get(url_of(campaign)).text
        assert "Write the first demand" not in sign_in(cast.cerys).get(url_of(campaign)).text

    def test_the_least_we_would_accept_is_for_members_and_not_for_the_organizer(self, sign_in, cast, campaign):
        build_demand(campaign, worst_acceptable="Half of the homes by spring")
        assert "Half of the homes by spring" in sign_in(cast.cerys).get(url_of(campaign)).text
        assert "Half of the homes by spring" not in sign_in(cast.ola).get(url_of(campaign)).text

    def test_strangers_do_not_learn_that_there_is_a_list(self, sign_in, cast, campaign):
        assert sign_in(cast.dov).get(url_of(campaign)).status_code == 404

    def test_ten_demands_cost_no_more_questions_than_one(self, sign_in, cast, campaign):
        browser = sign_in(cast.amina)
        for number in range(10):
            build_demand(campaign, f"Thing {number}", position=number)
        with count_sql() as seen:
            browser.get(url_of(campaign))
        assert len(seen) <= 5


class TestWriting:
    def test_one_answer_is_enough_to_add_it(self, sign_in, cast, campaign):
        assert sign_in(cast.amina).send(url_of(campaign, "/new"), {"what": "Mend the roof"}).status_code == 303
        row = Demand.get()
        assert (row.what, row.kind, row.gaps) == ("Mend the roof", "do", ["by_on", "test", "home_count", "first_win"])

    def test_the_post_we_write_to_is_offered(self, sign_in, cast, campaign):
        assert 'value="director of homes"' in sign_in(cast.amina).get(url_of(campaign, "/new")).text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"what": ""}, "Write what you are asking for"),
            ({"by_on": "soon"}, "Enter a date like"),
            ({"by_on": "2026-11-23"}, "Choose a day after today"),
            ({"home_count": "9"}, "There are 8 homes on our list"),
            ({"home_count": "0"}, "Enter 1 or more"),
            ({"kind": "beg"}, "Choose one of the answers"),
        ],
    )
    def test_what_cannot_be_is_explained_and_kept(self, sign_in, cast, campaign, typed, said):
        page = sign_in(cast.amina).send(url_of(campaign, "/new"), {"what": "Mend it", "test": "No drips", **typed})
        assert page.status_code == 422 and said in page.text and "No drips" in page.text
        assert Demand.select().count() == 0

    def test_gaps_are_filled_later(self, sign_in, cast, campaign):
        demand = build_demand(campaign, by_on=None)
        sent = {"seen": demands.fingerprint(demand), "what": "Mend it all", "by_on": "20/12/2026"}
        sent |= {"home_count": "4", "test": ""}
        assert sign_in(cast.amina).send(url_of(campaign, f"/{demand.id}/edit"), sent).status_code == 303
        row = Demand.get_by_id(demand.id)
        assert (row.what, row.by_on, row.home_count, row.test) == ("Mend it all", date(2026, 12, 20), 4, "")

    def test_a_day_that_has_passed_since_may_stay(self, cast, campaign):
        demand = build_demand(campaign, by_on=date(2026, 11, 1))
        answers = {"what": "Mend it", "by_on": date(2026, 11, 1)}
        demands.edit_demand(demand, by=cast.amina, seen=demands.fingerprint(demand), **answers)
        with pytest.raises(RuleBroken, match="after today"):
            again = Demand.get_by_id(demand.id)
            again.campaign = campaign
            demands.edit_demand(again, by=cast.amina, seen=demands.fingerprint(again), by_on=date(2026, 11, 2))

    def test_when_two_write_at_once_both_texts_are_shown_and_the_second_save_wins(self, sign_in, cast, campaign):
        demand = build_demand(campaign, "Mend the roof")
        url, browser = url_of(campaign, f"/{demand.id}/edit"), sign_in(cast.amina)
        seen = demands.fingerprint(demand)
        browser.send(url, {"seen": seen, "what": "Mend the roof of staircase B"})
        late = browser.send(url, {"seen": seen, "what": "Renew the roof"})
        assert late.status_code == 409
        assert "Mend the roof of staircase B" in late.text and "Renew the roof" in late.text
        assert Demand.get_by_id(demand.id).what == "Mend the roof of staircase B"
        fresh = late.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
        assert browser.send(url, {"seen": fresh, "what": "Renew the roof"}).status_code == 303
        assert Demand.get_by_id(demand.id).what == "Renew the roof"

    def test_a_demand_of_another_campaign_is_not_there(self, sign_in, cast, campaign):
        other = build_demand(build_campaign(leads=[cast.dov]))
        browser = sign_in(cast.amina)
        for rest in ("edit", "move", "withdrawal", "withdrawal/removal"):
            assert browser.send(url_of(campaign, f"/{other.id}/{rest}"), {"what": "Ours"}).status_code == 404
        assert Demand.get_by_id(other.id).what == "Mend the roof"

    def test_members_read_and_only_leads_and_drafters_write(self, sign_in, cast, campaign):
        demand = build_demand(campaign)
        one = f"/{demand.id}"
        for rest in ("/new", f"{one}/edit", f"{one}/move", f"{one}/withdrawal", f"{one}/withdrawal/removal"):
            for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
                assert sign_in(person).send(url_of(campaign, rest), {"what": "Mine"}).status_code == status


class TestOrder:
    def test_up_and_down_change_places_with_the_neighbour(self, sign_in, cast, campaign):
        rows = [demands.add_demand(campaign, by=cast.amina, what=what) for what in ("A", "B", "C")]
        browser = sign_in(cast.amina)
        answer = browser.send(url_of(campaign, f"/{rows[2].id}/move"), {"way": "up"})
        assert answer.headers["Location"].endswith(f"#demand-{rows[2].id}")
        assert in_order(campaign) == ["A", "C", "B"]
        browser.send(url_of(campaign, f"/{rows[0].id}/move"), {"way": "down"})
        assert in_order(campaign) == ["C", "A", "B"]
        browser.send(url_of(campaign, f"/{rows[2].id}/move"), {"way": "up"})
        assert in_order(campaign) == ["C", "A", "B"]

    def test_moving_passes_over_those_withdrawn(self, cast, campaign):
        rows = [demands.add_demand(campaign, by=cast.amina, what=what) for what in ("A", "B", "C")]
        demands.withdraw_demand(rows[1], by=cast.amina)
        demands.move_demand(rows[2], by=cast.amina, up=True)
        assert in_order(campaign) == ["C", "A"]


class TestWithdrawing:
    def test_it_is_kept_and_can_be_brought_back(self, sign_in, cast, campaign):
        demand, browser = build_demand(campaign), sign_in(cast.amina)
        browser.send(url_of(campaign, f"/{demand.id}/withdrawal"))
        assert in_order(campaign) == []
        assert "Bring it back" in browser.get(url_of(campaign)).text
        browser.send(url_of(campaign, f"/{demand.id}/withdrawal/removal"))
        assert in_order(campaign) == ["Mend the roof"]

    def test_twice_is_said_in_words(self, cast, campaign):
        demand = build_demand(campaign)
        demands.withdraw_demand(demand, by=cast.amina)
        with pytest.raises(RuleBroken, match="withdrawn already"):
            demands.withdraw_demand(demand, by=cast.amina)
        demands.bring_back_demand(demand, by=cast.amina)
        with pytest.raises(RuleBroken, match="stands already"):
            demands.bring_back_demand(demand, by=cast.amina)
