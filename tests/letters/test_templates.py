"""Letters to begin from: data files that fill themselves and leave honest gaps."""

import pytest

from portal.campaigns.models import Activity, Campaign
from portal.errors import RuleBroken
from portal.letters.models import Block, BlockRevision
from portal.letters.operations import start_letter
from portal.letters.templates import all_templates, find_template, gaps_in, suggested
from tests.builders import build_campaign, build_demand


def texts_of(letter, kind=None):
    rows = Block.select().where(Block.letter == letter.id).order_by(Block.position)
    return [row.text for row in rows if kind in (None, row.kind)]


class TestTheFiles:
    def test_the_empty_page_comes_first(self):
        keys = [template.key for template in all_templates()]
        assert keys[:3] == ["empty", "damp_and_mould", "water_quality"] and len(keys) == 10

    @pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.key)
    def test_each_is_read_in_less_than_four_minutes(self, template):
        assert template.minutes < 4

    @pytest.mark.parametrize("key", [one.key for one in all_templates() if 1 <= one.position <= 6])
    def test_each_has_every_kind_of_part_in_the_usual_order_and_a_test_for_each_demand(self, key):
        template = find_template(key)
        kinds = [block.kind for block in template.blocks]
        assert list(dict.fromkeys(kinds)) == ["greeting", "fact", "harm", "demand", "question", "meeting", "closing"]
        assert all(block.test for block in template.blocks if block.kind == "demand")

    def test_the_campaign_s_kind_suggests_one(self, cast):
        found = [suggested(build_campaign(kind=kind)) for kind in ("damp", "water", "club")]
        assert found == ["damp_and_mould", "water_quality", "public_figure"]


class TestStarting:
    @pytest.mark.parametrize("key", [template.key for template in all_templates()])
    def test_what_the_campaign_knows_is_filled_in(self, cast, key):
        campaign = build_campaign(leads=[cast.amina], floors=6, homes_per_floor=14)
        letter = start_letter(campaign, template_name=key, by=cast.amina)
        whole = " ".join([letter.title, *texts_of(letter)])
        assert "{" not in whole and "Larkspur Point" in whole and "Philippa Stroud" in whole
        if key == "damp_and_mould":
            assert "of the 84 homes" in whole

    def test_what_it_does_not_know_becomes_a_gap(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        Campaign.update(target=None).execute()
        campaign.target = None
        letter = start_letter(campaign, template_name="damp_and_mould", by=cast.amina)
        gaps = gaps_in(*texts_of(letter))
        assert "[the name of the person who can say yes]" in gaps and "[how many homes there are]" in gaps

    def test_settled_demands_take_the_place_of_the_template_s_own(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        build_demand(campaign, "Mend the roof")
        build_demand(campaign, "Sweep the stairs", withdrawn_at=campaign.created_at)
        letter = start_letter(campaign, template_name="damp_and_mould", by=cast.amina)
        demands = list(Block.select().where(Block.letter == letter.id, Block.kind == "demand"))
        assert [(row.text, row.test) for row in demands] == [("Mend the roof", "No water comes in")]
        assert demands[0].by_on.isoformat() == "2026-12-20"
        kinds = [row.kind for row in letter.blocks.order_by(Block.position)]
        assert kinds.index("harm") < kinds.index("demand") < kinds.index("question")

    def test_the_worst_they_would_accept_stays_in_the_circle(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        build_demand(campaign, worst_acceptable="Half the homes")
        letter = start_letter(campaign, template_name="empty", by=cast.amina)
        assert "Half the homes" not in " ".join(texts_of(letter))

    def test_it_is_written_on_the_timeline_and_every_part_has_its_first_revision(self, cast):
        campaign = build_campaign(leads=[cast.amina])
        letter = start_letter(campaign, template_name="water_quality", by=cast.amina)
        line = Activity.get(Activity.verb == "letter_started")
        assert (line.subject_kind, line.subject_id, line.is_public) == ("letter", letter.id, False)
        assert BlockRevision.select().count() == Block.select().count() > 10
        assert letter.is_formal_complaint and letter.lead_author == cast.amina

    def test_an_ended_campaign_starts_no_letter(self, cast):
        with pytest.raises(RuleBroken, match="has ended"):
            start_letter(build_campaign(leads=[cast.amina], state="lost"), template_name="empty", by=cast.amina)

    def test_an_unknown_template_is_refused(self, cast):
        with pytest.raises(RuleBroken, match="Choose"):
            start_letter(build_campaign(leads=[cast.amina]), template_name="../../secret", by=cast.amina)
