"""What the short way reads by itself it reads as the libraries do, or not at all."""

from contextlib import contextmanager

import itsdangerous.timed
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import BadData, URLSafeTimedSerializer

from portal import forms
from portal.plain_posts import Proof
from portal.sessions import with_one_signer
from tests.examples import examples


@contextmanager
def frozen_library(seconds):
    """The time by which the library signs, so many seconds from now."""
    real = itsdangerous.timed.time.time
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(itsdangerous.timed.time, "time", lambda: real() + seconds)
        yield


@settings(max_examples=examples(300, at_once=60), deadline=None)
@given(
    payload=st.dictionaries(st.text(max_size=5), st.text(max_size=200), max_size=2),
    age=st.sampled_from([-5, 0, 5, 9, 11]),
    change=st.none() | st.tuples(st.integers(0, 400), st.sampled_from("Aa0-_.= é")),
)
def test_a_proof_is_read_as_the_library_reads_it_or_not_at_all(payload, age, change):
    serializer = with_one_signer(URLSafeTimedSerializer("a key", salt="a salt"))
    with frozen_library(-age):
        token = serializer.dumps(payload)
    if change is not None:
        place, letter = change[0] % len(token), change[1]
        token = token[:place] + letter + token[place + 1 :]
    for most in (10, None):
        try:
            wanted = serializer.loads(token, max_age=most)
        except BadData:
            wanted = None
        try:
            found = Proof(serializer).read(token, most)
        except BadData:
            found = None
        # The last character of a signature has bits that mean nothing: the library does not look at them.
        assert found == wanted or (found is None and change is not None)


@settings(max_examples=examples(300, at_once=60), deadline=None)
@given(typed=st.one_of(st.emails(), st.from_regex(r"[a-z0-9._+-]{1,70}@[a-z0-9.-]{1,40}", fullmatch=True), st.text()))
def test_an_address_is_taken_as_the_validator_takes_it(typed):
    try:
        wanted = validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        wanted = None
    assert forms.normal_address(typed) == (wanted if len(typed) <= 254 else None)


@given(typed=st.one_of(st.text(), st.text(" ab~!\t\x7f", max_size=12)))
def test_a_line_is_cleaned_the_same(typed):
    assert forms.one_line(typed) == " ".join(forms.clean(typed).split())
