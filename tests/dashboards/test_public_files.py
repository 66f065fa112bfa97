"""What leaves the public page: files, a feed, a picture, a page for paper. Nothing that is not public."""

import csv
import io
import json
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.campaigns.activity import record
from portal.dashboards import public_files, share_picture
from portal.dashboards.public_queries import Line
from portal.paper import PaperError
from tests import builders
from tests.conftest import NOON
from tests.counting import count_sql

ATOM = "{http://www.w3.org/2005/Atom}"
FILES = ("timeline.csv", "timeline.json", "timeline.atom", "picture.png", "update")


@pytest.fixture
def campaign(cast):
    campaign = builders.build_campaign(
        leads=[cast.amina, cast.ben], members=[cast.cerys], visibility="public", signature_count=143, title="=Dry walls"
    )
    letter = builders.build_letter(campaign, sent_on=date(2026, 10, 12), title="-2 degrees in bedrooms")
    about = {"by": cast.amina, "about": letter, "title": letter.title, "is_public": True}
    record(campaign, "letter_sent", on=letter.sent_on, channel="post", to="Philippa Stroud", home_count=3, **about)
    record(campaign, "member_joined", by=cast.cerys)
    answer = builders.build_response(letter, read_at=NOON, kind="holding", published_at=NOON, public_words="They wait.")
    told = {"by": cast.amina, "about": answer, "channel": "email", "from_name": "Grant Oakes"}
    record(campaign, "response_logged", on=date(2026, 11, 2), is_public=True, **told)
    hidden = builders.build_response(letter, public_words="A secret of the circle")
    record(campaign, "response_logged", by=cast.amina, about=hidden, on=date(2026, 11, 3), channel="phone")
    return campaign


def url_of(campaign, name):
    return f"/campaigns/{campaign.key}/{name}"


def test_the_table_holds_the_public_lines_with_plain_days_and_nobodys_name(campaign, client):
    answer = client.get(url_of(campaign, "timeline.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["date"], row["side"], row["kind"]) for row in rows] == [
        ("2026-11-02", "them", "response_logged"),
        ("2026-10-12", "us", "letter_sent"),
    ]
    assert rows[0]["words"] == "They wait." and rows[1]["words"] == "By post."
    assert rows[1]["letter"].startswith("http://localhost/letters/")
    for name in ("Amina", "Cerys", "Philippa", "Grant Oakes", "secret", "<"):
        assert name not in answer.text, name
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_data_says_what_it_is_about_and_whether_it_is_whole(campaign, client):
    whole = json.loads(client.get(url_of(campaign, "timeline.json")).data)
    assert whole["campaign"]["title"] == "=Dry walls" and whole["campaign"]["writes_to"] == "Meridale Homes"
    assert whole["campaign"]["page"] == f"http://localhost/campaigns/{campaign.key}"
    assert whole["is_complete"] is True
    assert whole["lines"][1]["what"] == "We sent our letter “-2 degrees in bedrooms”"


def test_the_feed_has_lasting_names_moments_and_absolute_links(campaign, client):
    answer = client.get(url_of(campaign, "timeline.atom"))
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    own = f"http://localhost/campaigns/{campaign.key}/timeline.atom"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}["self"] == own
    ids = [found.text for found in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == 3 and all(one.startswith("tag:localhost,2026-11-23:campaign/") for one in ids)
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        assert part.find(f"{ATOM}title").text and part.find(f"{ATOM}updated").text.endswith("Z")
    again = ElementTree.fromstring(client.get(url_of(campaign, "timeline.atom")).data)
    assert [found.text for found in again.iter(f"{ATOM}id")] == ids


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=50)
def test_no_text_breaks_a_file_or_becomes_a_formula(what, words):
    line = Line(1, date(2026, 11, 2), "ours", "letter_sent", public_files.plain(what), public_files.plain(words), NOON)
    about = public_files.About("k", what, words, "", "active", "https://a.example/campaigns/k", NOON, NOON, "en")
    table = public_files.as_csv([line], str)
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1])
    ElementTree.fromstring(public_files.as_atom(about, [line], str, own="https://a.example/f"))
    json.loads(public_files.as_json(about, [line], str, is_complete=True))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("visibility", ["circle", "link"])
def test_what_is_not_public_answers_like_what_is_not_there(campaign, client, sign_in, cast, name, visibility):
    campaign.visibility = visibility
    campaign.save()
    missing = client.get(f"/campaigns/nothing/{name}")
    for browser in (client, sign_in(cast.amina)):
        assert browser.get(url_of(campaign, name)).status_code == 404
    assert client.get(url_of(campaign, name)).data == missing.data


@pytest.mark.parametrize("name", FILES[:3])
def test_a_file_is_not_sent_again_and_a_change_is_seen_at_once(campaign, client, cast, name):
    with count_sql() as seen:
        first = client.get(url_of(campaign, name))
    assert len(seen) <= 2
    tag = {"If-None-Match": first.headers["ETag"]}
    with count_sql() as seen:
        again = client.get(url_of(campaign, name), headers=tag)
    assert (again.status_code, again.data, len(seen)) == (304, b"", 1)
    record(campaign, "campaign_paused", by=cast.amina, is_public=True, reason="We rest")
    assert b"We rest" in client.get(url_of(campaign, name), headers=tag).data


def test_more_lines_cost_no_more_questions(campaign, client, cast):
    for _number in range(30):
        record(campaign, "campaign_resumed", by=cast.amina, is_public=True)
    with count_sql() as seen:
        client.get(url_of(campaign, "update"))
    assert len(seen) <= 4


class TestThePicture:
    def test_it_is_drawn_once_for_its_words(self, campaign, client, monkeypatch):
        drawn = []
        monkeypatch.setattr(
            share_picture, "draw", lambda *args, **given: drawn.append((args, given)) or b"\x89PNG drawn"
        )
        first = client.get(url_of(campaign, "picture.png"))
        assert first.data == b"\x89PNG drawn" and first.content_type == "image/png"
        (_sheet, facts), given = drawn[0]
        assert given["title"] == "=Dry walls" and facts["count"] == "More than 140 people signed"
        client.get(url_of(campaign, "picture.png?v=2"))
        assert len(drawn) == 1
        campaign.title = "Dry homes"
        campaign.save()
        client.get(url_of(campaign, "picture.png"))
        assert len(drawn) == 2

    def test_when_it_can_not_be_drawn_another_one_stands_in_and_is_not_kept(self, campaign, client, monkeypatch):
        def fail(*args, **given):
            raise PaperError("no")

        monkeypatch.setattr(share_picture, "draw", fail)
        campaign.title = "Something else"
        campaign.save()
        answer = client.get(url_of(campaign, "picture.png"))
        assert answer.data.startswith(b"\x89PNG") and answer.headers["Cache-Control"] == "no-store"

    def test_small_counts_are_not_told(self, campaign, client, monkeypatch):
        campaign.signature_count = 9
        campaign.save()
        facts = []
        monkeypatch.setattr(share_picture, "draw", lambda sheet, given, **more: facts.append(given) or b"x")
        client.get(url_of(campaign, "picture.png"))
        assert facts[0]["count"] == ""

    @pytest.mark.parametrize(("count", "shown"), [(10, 10), (99, 99), (143, 140), (1999, 1900), (12345, 12000)])
    def test_counts_are_rounded_down_so_that_one_name_makes_no_new_picture(self, count, shown):
        assert share_picture.rounded(count) == shown

    def test_only_so_many_are_kept(self, app, monkeypatch):
        monkeypatch.setattr(share_picture, "MOST_KEPT", 0)
        folder = app.config["DATA_DIR"] / "pictures"
        folder.mkdir(exist_ok=True)
        (folder / "old.png").write_bytes(b"x")
        assert share_picture.forget_old_pictures() >= 1
        assert not list(folder.glob("*.png"))


class TestThePublicPagesHead:
    def test_it_says_what_to_show_of_a_link(self, campaign, client):
        page = client.get(f"/campaigns/{campaign.key}").text
        here = f"http://localhost/campaigns/{campaign.key}"
        for words in (
            f'<link rel="canonical" href="{here}">',
            '<meta property="og:title" content="=Dry walls">',
            f'<meta property="og:image" content="{here}/picture.png?v=',
            f'type="application/atom+xml" title="=Dry walls" href="/campaigns/{campaign.key}/timeline.atom"',
        ):
            assert words in page, words

    def test_whoever_has_only_the_link_is_told_nothing_to_pass_on(self, campaign, client):
        campaign.visibility = "link"
        campaign.save()
        letter = campaign.letters.get()
        for url in (f"/campaigns/{campaign.key}", f"/letters/{letter.key}"):
            answer = client.get(url)
            assert answer.status_code == 200 and answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert "og:" not in answer.text and "canonical" not in answer.text and "timeline.atom" not in answer.text

    def test_an_open_letter_says_it_too(self, campaign, client):
        letter = campaign.letters.get()
        page = client.get(f"/letters/{letter.key}").text
        assert '<meta property="og:title" content="-2 degrees in bedrooms">' in page and "picture.png" in page


def test_the_page_for_paper_is_of_today_with_the_fingerprint_of_the_letter(campaign, client):
    builders.build_commitment(campaign, "Fit the fans", due_on=clock.today() + timedelta(days=5), is_public=True)
    builders.build_commitment(campaign, "Inside only")
    page = client.get(url_of(campaign, "update")).text
    version = campaign.letters.get().versions.get()
    for words in (version.fingerprint, "Mon 23 Nov", "Fit the fans", "not due yet", "They wait.", "143 people signed"):
        assert words in page, words
    for words in ("Inside only", "A secret of the circle", "Amina"):
        assert words not in page, words
