"""A public case file tells only what everybody may read; a private one tells all of it; each proves what is in it."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from portal import clock, storage
from portal.casefiles import making
from portal.casefiles.archive import MANIFEST, choose, pack
from portal.casefiles.entries import FORMULA_SIGNS, Entry, guarded, of_bytes, safe_name, table
from portal.casefiles.models import CaseFile
from portal.casefiles.operations import agree_private, ask_private, fingerprint_of, order
from portal.casefiles.queries import inside_of
from portal.letters.models import Delivery
from portal.paper import PaperError, typeset
from portal.responses.models import Response
from tests.casefiles.stage import NAMES, SECRETS, made, public_case, secretive, unpacked
from tests.conftest import NOON


@pytest.fixture
def printed(monkeypatch):
    """What went to the typesetter, which sets nothing here: how paper looks is another test."""
    sheets = []

    def note(template, data, *, title):
        sheets.append((template, json.dumps([data, title], default=str)))
        return b"%PDF-1.7 " + template.encode()

    monkeypatch.setattr(making, "typeset", note)
    return sheets


@pytest.fixture
def letter(cast, printed):
    return secretive(cast)


def private_case(letter, cast):
    asking = ask_private(letter.campaign, letters=[letter.id], from_on=None, until_on=None, by=cast.amina)
    asking.campaign = letter.campaign
    wanted = CaseFile(campaign=letter.campaign, letters=f"[{letter.id}]")
    return made(agree_private(asking, by=cast.ben, seen=fingerprint_of(inside_of(wanted))))


class TestPublic:
    def test_nothing_private_is_in_it_wherever_it_was_planted(self, letter, cast, printed):
        case = public_case(letter, cast)
        everything = [*unpacked(case).values(), *(sheet.encode() for _name, sheet in printed)]
        everything += [name.encode() for name in unpacked(case)]
        for secret in (*SECRETS, *NAMES):
            assert not [where for where in everything if secret.encode() in where], secret

    def test_what_everybody_may_read_is_in_it(self, letter, cast):
        told = unpacked(public_case(letter, cast))["index.txt"].decode()
        version = letter.versions.get()
        for words in (
            version.sha256,
            "complaints@meridale.example",
            "<one@example.org>",
            "They will survey the homes",
            "They mend the lift",
            "Told to all",
            "not legal advice",
        ):
            assert words in told, words

    def test_an_answer_that_nobody_knows_of_neither_shows_nor_looks_like_silence(self, letter, cast):
        told = unpacked(public_case(letter, cast))["index.txt"].decode()
        assert "An e-mail, Mon 23 Nov 2026" in told and "A letter on paper" not in told
        clocks = told[told.index("by when they owed us") :]
        assert "How it stands" not in clocks[: clocks.index("Promises they made")]
        Response.update(published_at=clock.now()).execute()
        with clock.frozen_at(NOON + timedelta(hours=1)):
            told = unpacked(public_case(letter, cast))["index.txt"].decode()
        clocks = told[told.index("by when they owed us") :]
        assert "How it stands" in clocks[: clocks.index("Promises they made")]

    def test_only_the_days_asked_for(self, letter, cast):
        told = unpacked(public_case(letter, cast, from_on=date(2026, 11, 2), until_on=date(2026, 11, 3)))
        assert "<one@example.org>" not in told["index.txt"].decode()
        assert "Handed over" in told["index.txt"].decode()

    def test_the_page_in_it_runs_nothing_and_loads_nothing(self, letter, cast):
        Delivery.update(reference="<script>alert(1)</script>").execute()
        page = unpacked(public_case(letter, cast))["index.html"].decode()
        assert "<script" not in page and "&lt;script&gt;" in page and "default-src 'none'" in page
        assert "src=" not in page.replace("default-src", "") and "http-equiv" in page


class TestPrivate:
    def test_all_of_it_is_in_it_and_every_page_says_so(self, letter, cast, printed):
        case = private_case(letter, cast)
        inside = unpacked(case)
        everything = b"".join([*inside.values(), *(name.encode() for name in inside)])
        for secret in (*SECRETS, "Amina", "Ben Okafor"):
            assert secret.encode() in everything, secret
        assert inside["index.txt"].startswith(b"Contains private details")
        (sheet,) = [data for template, data in printed if template == "casefile"]
        assert "Contains private details" in sheet
        assert "private" in case.archive.name

    def test_what_was_sent_and_what_came_is_there_byte_for_byte(self, letter, cast):
        inside = unpacked(private_case(letter, cast))
        assert inside["letters/01/deliveries/01-email/mail.eml"].endswith(b"SECRET-MAIL-BODY")
        assert inside["letters/01/deliveries/01-email/as-it-went.pdf"] == b"%PDF-1.7 SECRET-PAPER"
        assert inside["letters/01/answers/02/01-C-calc-A0.txt"] == b"SECRET-ANSWER-FILE"
        assert not [name for name in inside if ".." in name or name.startswith("/")]

    def test_what_residents_found_is_counted_and_never_named(self, letter, cast):
        told = unpacked(private_case(letter, cast))["index.txt"].decode()
        promises = told[told.index("Promises they made") : told.index("What our facts rest on")]
        assert "Residents who found it fixed: 1" in promises and "Cerys" not in promises


class TestProof:
    def test_every_fingerprint_in_the_list_is_that_of_the_bytes(self, letter, cast):
        for case in (public_case(letter, cast), private_case(letter, cast)):
            inside = unpacked(case)
            listed = json.loads(inside.pop(MANIFEST))
            assert {one["name"]: one["sha256"] for one in listed["entries"]} == {
                name: hashlib.sha256(data).hexdigest() for name, data in inside.items()
            }
            assert listed["fingerprint"] == case.counts["fingerprint"]
            assert case.archive.sha256 == hashlib.sha256(storage.read(case.archive)).hexdigest()

    def test_the_same_content_gives_the_same_bytes(self, letter, cast):
        first = public_case(letter, cast)
        assert public_case(letter, cast).archive.sha256 == first.archive.sha256

    def test_tables_calculate_nothing(self, letter, cast):
        inside = unpacked(public_case(letter, cast))
        rows = list(csv.reader(io.StringIO(inside["tables/promises.csv"].decode("utf-8-sig"))))
        assert rows[1][1:3] == ["2026-11-23", "'=They mend the lift"]


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=50)
@given(names)
def test_no_name_leads_out_of_the_archive(name):
    safe = safe_name(name)
    assert safe.isascii() and "/" not in safe and "\\" not in safe and not safe.startswith(".") and len(safe) <= 61
    assert safe.replace(".", "").replace("-", "").isalnum()


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_no_cell_begins_as_a_formula_and_none_is_lost(cells):
    read = next(csv.reader(io.StringIO(table([], [cells]).decode("utf-8-sig").split("\r\n", 1)[1], newline="")), [])
    assert read == [guarded(cell) for cell in cells]
    assert not [cell for cell in read if cell.startswith(FORMULA_SIGNS)]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans()), max_size=8), st.integers(0, 120))
def test_an_archive_holds_what_fits_and_lists_what_does_not(files, most):
    entries = [
        Entry(f"{at}.bin", "x", len(data), lambda data=data: io.BytesIO(data), is_attachment=attached)
        for at, (data, attached) in enumerate(files)
    ]
    fitting, left_out = choose(entries, most)
    out = io.BytesIO()
    packed = pack(out, fitting, left_out, about={})
    with zipfile.ZipFile(out) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    assert {one["name"]: one["sha256"] for one in packed.entries} == {
        name: hashlib.sha256(data).hexdigest() for name, data in inside.items()
    }
    assert set(inside) | {one["name"] for one in packed.left_out} == {entry.name for entry in entries}
    assert all(entry.is_attachment for entry in left_out)
    own = sum(entry.size for entry in entries if not entry.is_attachment)
    assert sum(map(len, inside.values())) <= max(most, own)


@pytest.mark.parametrize("name", ["../x", "a//b", "/etc/x", "a\\b", ".", MANIFEST, "twice"])
def test_a_name_that_could_do_harm_is_never_packed(name):
    entries = [of_bytes("twice", "x", b""), of_bytes(name, "x", b"")]
    with pytest.raises(ValueError, match="no name"):
        pack(io.BytesIO(), entries, [], about={})


class TestMaking:
    def test_a_file_that_the_disk_lost_is_said_to_be_missing(self, letter, cast):
        lost = Delivery.get(Delivery.proof.is_null(False)).proof
        storage.path_of(lost.sha256).unlink()
        case = private_case(letter, cast)
        assert [one["why"] for one in case.counts["left_out"]] == ["missing on the disk"]

    def test_what_does_not_fit_is_listed(self, letter, cast, monkeypatch):
        monkeypatch.setattr(making, "choose", lambda entries: choose(entries, 1))
        case = private_case(letter, cast)
        assert "letters/01/deliveries/01-email/mail.eml" in [one["name"] for one in case.counts["left_out"]]
        assert "did not fit" in unpacked(case)["index.txt"].decode()

    def test_a_dead_worker_s_case_file_is_taken_up_again(self, letter, cast):
        case = order(letter.campaign, letters=[letter.id], from_on=None, until_on=None, by=cast.amina)
        assert making._lease_next().id == case.id
        assert making.make_due() == 0
        with clock.frozen_at(NOON + timedelta(seconds=making.LEASE_SECONDS + 1)):
            making.sweep_case_files()
        assert CaseFile.get_by_id(case.id).state == "done"

    def test_whoever_lost_the_lease_changes_nothing(self, letter, cast):
        order(letter.campaign, letters=[letter.id], from_on=None, until_on=None, by=cast.amina)
        slow = making._lease_next()
        with clock.frozen_at(NOON + timedelta(seconds=making.LEASE_SECONDS + 1)):
            making.make_due()
        before = CaseFile.get_by_id(slow.id)
        making._make(slow)
        assert CaseFile.get_by_id(slow.id).__data__ == before.__data__

    def test_one_that_breaks_says_so_and_the_next_is_made(self, letter, cast, monkeypatch):
        monkeypatch.setattr(making, "gather", lambda case: 1 / 0)
        assert public_case(letter, cast).state == "failed"
        monkeypatch.undo()

    def test_without_a_paper_there_is_still_the_archive(self, letter, cast, monkeypatch):
        def refuse(template, data, *, title):
            raise PaperError("This is too long to print")

        monkeypatch.setattr(making, "typeset", refuse)
        case = public_case(letter, cast)
        assert (case.state, case.paper) == ("done", None) and "too long to print" in case.problem

    def test_its_files_are_swept_after_a_month_and_the_record_stays(self, letter, cast):
        case = public_case(letter, cast)
        with clock.frozen_at(NOON + timedelta(days=29)):
            assert making.forget_old_case_files() == 0
        with clock.frozen_at(NOON + timedelta(days=31)):
            assert making.forget_old_case_files() == 1
        swept = CaseFile.get_by_id(case.id)
        assert (swept.state, swept.archive_id, swept.paper_id) == ("swept", None, None)
        assert swept.counts["fingerprint"] == case.counts["fingerprint"]


def test_on_paper_every_page_has_its_number_its_fingerprint_and_its_mark():
    long = "\n\n".join(["They wrote = *this* #let x. " * 12] * 20)
    data = {
        "lang": "en",
        "dir": "ltr",
        "cover": [{"what": "Place", "value": "Larkspur Point"}],
        "parts": [
            {
                "title": "What came back",
                "note": "Not legal advice.",
                "entries": [
                    {
                        "title": "An e-mail",
                        "facts": [{"what": "From", "value": "\u0645\u0631\u062d\u0628\u0627"}],
                        "texts": [{"what": "What they wrote", "text": long}],
                    }
                ],
            }
        ],
        "fingerprint": "7f3a91c2" + "0" * 56,
        "mark": "Contains private details",
    }
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(typeset("casefile", data, title="Dry walls"))).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "Contains private details" in text and "7f3a 91c2" in text
        assert f"Page {number} of {len(pages)}" in text
    assert "*this* #let x" in " ".join(pages)
