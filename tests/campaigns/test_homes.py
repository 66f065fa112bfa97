"""Our building: names of doors, floors, what counts, and paper."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.campaigns import homes
from portal.campaigns.door_names import PATTERNS
from portal.campaigns.models import Campaign
from portal.errors import RuleBroken
from portal.places.models import HOME_STATUSES, Building, Home, Place
from tests.builders import add_member, build_campaign
from tests.counting import count_sql
from tests.examples import examples, shared


@pytest.fixture
def campaign(cast):
    return build_campaign(leads=[cast.amina], members=[cast.cerys], organizer=cast.ola)


@pytest.fixture
def tower(cast, campaign):
    """12 floors of 4: 1A to 12D."""
    return homes.add_building(
        campaign, by=cast.amina, name="Larkspur Point", floors=12, doors_per_floor=4, pattern="letters"
    )


def url_of(campaign, rest=""):
    return f"/campaigns/{campaign.key}/homes{rest}"


def count_of(campaign):
    return Place.get_by_id(campaign.place_id).home_count


def door(label):
    return Home.get(Home.label == label)


def floors_of(building):
    found = Home.select(Home.floor_order, Home.floor_label).where(Home.building == building.id).distinct()
    return [label for _order, label in sorted(found.tuples())]


@settings(shared, max_examples=examples(40, at_once=12))
@given(data=st.data())
def test_whatever_is_done_labels_are_unique_and_the_number_is_that_of_the_homes_that_count(cast, data):
    """The law of the denominator, for any run of changes."""
    campaign = build_campaign(leads=[cast.amina])
    by = cast.amina
    for step in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(["building", "zone", "add", "edit", "off", "back", "remove"]))
        every = list(Home.select().join(Building).where(Building.place == campaign.place_id, ~Building.is_zone))
        some = data.draw(st.sampled_from(every)) if every else None
        try:
            if kind == "building":
                homes.add_building(
                    campaign,
                    by=by,
                    name=f"Block {step}",
                    floors=data.draw(st.integers(1, 4)),
                    doors_per_floor=data.draw(st.integers(1, 4)),
                    pattern=data.draw(st.sampled_from(PATTERNS)),
                    has_ground_floor=data.draw(st.booleans()),
                )
            elif kind == "zone":
                homes.add_zone(campaign, by=by, name=f"Zone {step}", dwelling_count=data.draw(st.integers(1, 500)))
            elif some and kind == "add":
                homes.add_home(
                    campaign,
                    some.building,
                    by=by,
                    label=data.draw(st.sampled_from(["1A", "1a", "X", "½"])),
                    floor_order=some.floor_order,
                    new_floor=data.draw(st.sampled_from([None, "1½", "Basement"])),
                )
            elif some and kind == "edit":
                homes.edit_home(
                    campaign,
                    some,
                    by=by,
                    label=data.draw(st.sampled_from(["1A", "1B", "Y"])),
                    floor_order=some.floor_order,
                    tenure="unknown",
                    status=data.draw(st.sampled_from(HOME_STATUSES)),
                )
            elif some and kind == "off":
                homes.take_off(campaign, some, by=by)
            elif some and kind == "back":
                homes.put_back(campaign, some, by=by)
            elif some and kind == "remove":
                homes.remove_building(campaign, some.building, by=by)
        except RuleBroken:
            pass
        rows = list(Home.select().join(Building).where(Building.place == campaign.place_id))
        assert count_of(campaign) == sum(home.dwelling_count for home in rows if home.counts)
        assert len({(home.building_id, home.label.casefold()) for home in rows}) == len(rows)
        by_floor = {(home.building_id, home.floor_order): home.floor_label for home in rows}
        assert all(by_floor[home.building_id, home.floor_order] == home.floor_label for home in rows)


class TestAddingABuilding:
    SHAPE = {
        "name": "Tern House",
        "floors": "3",
        "doors_per_floor": "4",
        "pattern": "hundreds",
        "has_ground_floor": "y",
    }

    def test_the_doors_can_be_looked_at_before_they_are_added(self, sign_in, cast, campaign):
        page = sign_in(cast.amina).send(url_of(campaign, "/new-building"), {**self.SHAPE, "look": "yes"})
        assert page.status_code == 200 and "This makes 12 homes" in page.text and "G01" in page.text
        assert count_of(campaign) == 0

    def test_then_they_are_added_and_counted(self, sign_in, cast, campaign):
        assert sign_in(cast.amina).send(url_of(campaign, "/new-building"), self.SHAPE).status_code == 303
        assert count_of(campaign) == 12
        assert floors_of(Building.get()) == ["G", "1", "2"]

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"floors": "many"}, "whole number"),
            ({"floors": ""}, "Enter the number of floors"),
            ({"floors": "900"}, "from 1 to 80"),
        ],
    )
    def test_what_cannot_be_is_explained_and_kept(self, sign_in, cast, campaign, typed, said):
        page = sign_in(cast.amina).send(url_of(campaign, "/new-building"), {**self.SHAPE, **typed})
        assert page.status_code == 422 and said in page.text and 'value="Tern House"' in page.text

    def test_the_same_name_twice_is_refused(self, sign_in, cast, campaign, tower):
        page = sign_in(cast.amina).send(url_of(campaign, "/new-building"), {**self.SHAPE, "name": "larkspur point"})
        assert page.status_code == 422 and "on the list already" in page.text
        assert count_of(campaign) == 48


class TestZones:
    def test_a_zone_counts_all_its_homes(self, sign_in, cast, campaign, tower):
        browser = sign_in(cast.amina)
        street = {"name": "Quay Street", "dwelling_count": "120"}
        assert browser.send(url_of(campaign, "/new-zone"), street).status_code == 303
        assert count_of(campaign) == 168
        zone = Building.get(Building.name == "Quay Street")
        browser.send(url_of(campaign, f"/buildings/{zone.id}/edit"), {"name": "Quay Street", "dwelling_count": "100"})
        assert count_of(campaign) == 148

    @pytest.mark.parametrize("number", ["0", "-3", "100001", ""])
    def test_a_number_that_cannot_be_is_refused(self, sign_in, cast, campaign, number):
        street = {"name": "Quay Street", "dwelling_count": number}
        page = sign_in(cast.amina).send(url_of(campaign, "/new-zone"), street)
        assert page.status_code == 422 and "Quay Street" in page.text

    def test_its_one_row_cannot_be_changed_as_a_door(self, sign_in, cast, campaign):
        homes.add_zone(campaign, by=cast.amina, name="Quay Street", dwelling_count=10)
        browser = sign_in(cast.amina)
        assert browser.get(url_of(campaign, f"/{Home.get().id}/edit")).status_code == 404
        assert browser.get(url_of(campaign, f"/buildings/{Building.get().id}/new")).status_code == 404


class TestDoors:
    def save(self, browser, campaign, old, **changed):
        row = door(old)
        sent = {"label": old, "floor": str(row.floor_order), "new_floor": ""}
        sent |= {"status": row.status, "tenure": row.tenure}
        return browser.send(url_of(campaign, f"/{row.id}/edit"), {**sent, **changed})

    def test_what_is_known_of_a_door_is_saved(self, sign_in, cast, campaign, tower):
        answer = self.save(sign_in(cast.amina), campaign, "4C", label="4C bis", status="empty", tenure="leasehold")
        assert answer.status_code == 303
        assert (door("4C bis").status, door("4C bis").tenure) == ("empty", "leasehold")
        assert count_of(campaign) == 48

    def test_a_store_does_not_count(self, sign_in, cast, campaign, tower):
        self.save(sign_in(cast.amina), campaign, "1A", status="not_a_home")
        assert count_of(campaign) == 47

    def test_a_name_that_is_taken_is_refused_and_kept(self, sign_in, cast, campaign, tower):
        page = self.save(sign_in(cast.amina), campaign, "4C", label="4d")
        assert page.status_code == 422 and "There is a 4d already" in page.text and 'value="4d"' in page.text

    def test_a_door_moves_to_a_new_floor_between_two(self, sign_in, cast, campaign, tower):
        page = sign_in(cast.amina).get(url_of(campaign, f"/{door('1A').id}/edit")).text
        for offered in ("A new floor between 1 and 2", "A new floor below 1", "A new floor above 12"):
            assert offered in page
        self.save(sign_in(cast.amina), campaign, "1A", floor="new-2", new_floor="1½")
        assert floors_of(tower)[:4] == ["1", "1½", "2", "3"]
        assert len(floors_of(tower)) == 13

    def test_a_new_floor_needs_a_name(self, sign_in, cast, campaign, tower):
        page = self.save(sign_in(cast.amina), campaign, "1A", floor="new-1")
        assert page.status_code == 422 and "what the new floor is called" in page.text

    def test_a_door_is_added_in_the_basement(self, sign_in, cast, campaign, tower):
        sent = {"label": "B1", "floor": "new-1", "new_floor": "Basement"}
        assert sign_in(cast.amina).send(url_of(campaign, f"/buildings/{tower.id}/new"), sent).status_code == 303
        assert floors_of(tower)[:2] == ["Basement", "1"]
        assert count_of(campaign) == 49

    def test_a_door_taken_off_can_be_put_back(self, sign_in, cast, campaign, tower):
        browser, row = sign_in(cast.amina), door("7B")
        browser.send(url_of(campaign, f"/{row.id}/removal"))
        assert count_of(campaign) == 47
        page = browser.get(url_of(campaign)).text
        assert "Doors that do not count" in page and "Put it back" in page
        browser.send(url_of(campaign, f"/{row.id}/removal/undo"))
        assert count_of(campaign) == 48

    def test_the_name_of_one_taken_off_leads_to_putting_it_back(self, cast, campaign, tower):
        homes.take_off(campaign, door("7B"), by=cast.amina)
        with pytest.raises(RuleBroken, match="Put it back"):
            homes.add_home(campaign, tower, by=cast.amina, label="7B", floor_order=7)


class TestNamesAndRemoval:
    def test_floors_and_building_are_renamed(self, sign_in, cast, campaign, tower):
        sent = {f"floor_{order}": str(order) for order in range(1, 13)}
        sent |= {"name": "Larkspur Point East", "floor_1": "Basement"}
        assert sign_in(cast.amina).send(url_of(campaign, f"/buildings/{tower.id}/edit"), sent).status_code == 303
        assert Building.get().name == "Larkspur Point East" and floors_of(tower)[0] == "Basement"

    def test_two_floors_of_one_name_are_refused(self, sign_in, cast, campaign, tower):
        sent = {"name": "Larkspur Point"} | {f"floor_{order}": "G" for order in range(1, 13)}
        page = sign_in(cast.amina).send(url_of(campaign, f"/buildings/{tower.id}/edit"), sent)
        assert page.status_code == 422 and "same name" in page.text

    def test_removal_says_first_what_goes(self, sign_in, cast, campaign, tower):
        browser, url = sign_in(cast.amina), url_of(campaign, f"/buildings/{tower.id}/removal")
        assert "48 homes go from the list" in browser.get(url).text
        assert browser.send(url).status_code == 303
        assert count_of(campaign) == 0 and not Building.select().exists()

    def test_once_somebody_has_signed_from_home_the_building_stays(self, sign_in, cast, campaign, tower):
        Campaign.update(signed_home_count=1).where(Campaign.id == campaign.id).execute()
        page = sign_in(cast.amina).send(url_of(campaign, f"/buildings/{tower.id}/removal"))
        assert page.status_code == 422 and "People have signed" in page.text
        assert count_of(campaign) == 48


class TestOurBuilding:
    def test_it_says_the_number_in_words_and_draws_the_building(self, sign_in, cast, campaign, tower):
        Home.update(status="do_not_contact").where(Home.label == "3B").execute()
        page = sign_in(cast.cerys).get(url_of(campaign)).text
        assert "48 homes." in page and "1 of them asked not to be called on" in page
        assert ". 1 of them" in page and "3B: asked not to be called on" in page and "Add a building" not in page

    def test_an_empty_one_says_what_it_is_for(self, sign_in, cast, campaign):
        assert "31 of 84 homes" in sign_in(cast.amina).get(url_of(campaign)).text

    def test_whoever_asked_not_to_be_called_on_is_counted_but_not_on_paper(self, sign_in, cast, campaign, tower):
        Home.update(status="do_not_contact").where(Home.label == "3B").execute()
        Home.update(status="empty").where(Home.label == "3C").execute()
        page = sign_in(cast.cerys).get(url_of(campaign, "/doors")).text
        assert "47 doors." in page and "1 home asked not to be called on" in page
        assert ">3B<" not in page and ">3C<" in page and "empty when last seen" in page

    def test_paper_for_one_building(self, sign_in, cast, campaign, tower):
        homes.add_building(campaign, by=cast.amina, name="Tern House", floors=1, doors_per_floor=2, pattern="running")
        page = sign_in(cast.cerys).get(url_of(campaign, f"/doors?building={tower.id}")).text
        assert "Larkspur Point" in page and "Tern House" not in page
        assert sign_in(cast.cerys).get(url_of(campaign, "/doors?building=99999")).status_code == 404

    def test_a_thousand_homes_cost_no_more_questions_than_one(self, sign_in, cast, campaign):
        homes.add_building(campaign, by=cast.amina, name="Long", floors=10, doors_per_floor=100, pattern="running")
        browser = sign_in(cast.amina)
        with count_sql() as seen:
            assert browser.get(url_of(campaign)).status_code == 200
        assert len(seen) <= 5


class TestWhoMay:
    @pytest.mark.parametrize("rest", ["/new-building", "/new-zone"])
    def test_adding_is_for_leads_secretaries_and_door_captains(self, sign_in, cast, campaign, rest):
        add_member(campaign, cast.ben, "door_captain")
        assert sign_in(cast.ben).get(url_of(campaign, rest)).status_code == 200
        for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
            assert sign_in(person).send(url_of(campaign, rest), {"name": "Mine"}).status_code == status

    def test_changing_is_for_the_same_and_inside_the_own_campaign(self, sign_in, cast, campaign, tower):
        home, other = door("1A"), build_campaign(leads=[cast.dov])
        pages = [f"/{home.id}/edit", f"/{home.id}/removal", f"/{home.id}/removal/undo"]
        pages += [f"/buildings/{tower.id}/{rest}" for rest in ("edit", "new", "removal")]
        for rest in pages:
            for person, status in ((cast.cerys, 403), (cast.ola, 403), (cast.dov, 404)):
                assert sign_in(person).send(url_of(campaign, rest), {"label": "Mine"}).status_code == status
            assert sign_in(cast.dov).send(url_of(other, rest), {"label": "Mine"}).status_code == 404
        assert count_of(campaign) == 48

    @pytest.mark.parametrize("rest", ["", "/doors"])
    def test_reading_is_for_members_and_the_organizer(self, sign_in, cast, campaign, rest):
        assert sign_in(cast.ola).get(url_of(campaign, rest)).status_code == 200
        assert sign_in(cast.dov).get(url_of(campaign, rest)).status_code == 404


def test_a_door_that_does_not_count_keeps_its_place_in_the_picture(cast, campaign, tower):
    homes.take_off(campaign, door("1A"), by=cast.amina)
    label, cells = homes.buildings_of(campaign)[0].grid[-1]
    assert label == "1" and [cell[0] for cell in cells] == ["–", "1B", "1C", "1D"]
    assert cells[0][2] == "1A: not a home"


def test_a_street_is_drawn_in_rows_that_fit_the_page(cast, campaign):
    homes.add_building(campaign, by=cast.amina, name="Fen Row", floors=1, doors_per_floor=30, pattern="running")
    grid = homes.buildings_of(campaign)[0].grid
    assert [(label, len(cells)) for label, cells in grid] == [("1", 14), ("", 14), ("", 2)]
