"""How the doors of a building are named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.campaigns.door_names import PATTERNS, plan_building
from portal.errors import RuleBroken
from tests.examples import examples


class TestDoorNames:
    @pytest.mark.parametrize(
        ("pattern", "ground", "first", "last"),
        [
            ("letters", False, "1A", "14F"),
            ("letters", True, "GA", "13F"),
            ("hundreds", False, "101", "1406"),
            ("hundreds", True, "G01", "1306"),
            ("running", False, "1", "84"),
            ("running", True, "1", "84"),
        ],
    )
    def test_doors_are_named_as_people_name_them(self, pattern, ground, first, last):
        plan = plan_building(floors=14, doors_per_floor=6, pattern=pattern, has_ground_floor=ground)
        assert (plan[0].doors[0], plan[-1].doors[-1]) == (first, last)
        assert plan[0].label == ("G" if ground else "1")

    def test_the_27th_door_of_a_floor_has_two_letters(self):
        plan = plan_building(floors=1, doors_per_floor=28, pattern="letters", has_ground_floor=False)
        assert plan[0].doors[25:] == ("1Z", "1AA", "1AB")

    @settings(max_examples=examples(100, at_once=30))
    @given(floors=st.integers(1, 80), doors=st.integers(1, 99), pattern=st.sampled_from(PATTERNS), ground=st.booleans())
    def test_no_two_doors_ever_share_a_name(self, floors, doors, pattern, ground):
        if floors * doors > 1000:
            return
        plan = plan_building(floors=floors, doors_per_floor=doors, pattern=pattern, has_ground_floor=ground)
        names = [name for floor in plan for name in floor.doors]
        assert len(set(names)) == len(names) == floors * doors

    @pytest.mark.parametrize(
        ("floors", "doors", "said"),
        [(0, 4, "number of floors"), (81, 1, "number of floors"), (2, 0, "number of homes"), (80, 80, "in parts")],
    )
    def test_a_building_that_cannot_be_is_refused(self, app, floors, doors, said):
        with pytest.raises(RuleBroken, match=said):
            plan_building(floors=floors, doors_per_floor=doors, pattern="letters", has_ground_floor=False)
