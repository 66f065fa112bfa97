"""Statements are written faster than by peewee, and not a letter differently."""

from datetime import date

import peewee
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peewee import EXCLUDED, SQL, Case, Value, fn

from portal import clock
from portal.campaigns.models import Campaign, Membership, Role
from portal.database import Model, db
from portal.letters.models import Block, Letter, Signature
from portal.people.models import Person
from portal.places.models import Place
from portal.quick_sql import QuickContext
from tests.examples import examples

ASKED_BY = Person.alias("asked_by")
NAMELESS = Person.alias()
MINE = Membership.select(Membership.campaign).where(Membership.person == 1, Membership.left_at.is_null())
NEWEST = Letter.select(fn.MAX(Letter.id)).where(Letter.campaign == Campaign.id)
COUNTED = Signature.select(Signature.letter, fn.COUNT("*").alias("number")).group_by(Signature.letter).alias("counted")

QUERIES = {
    "all of a table": Campaign.select(),
    "joined tables": Campaign.select(Campaign, Place).join(Place).where(Campaign.key == "x"),
    "a named and a nameless alias": (
        Campaign.select(Campaign.id, ASKED_BY.name, NAMELESS)
        .join(ASKED_BY, on=(ASKED_BY.id == Campaign.id))
        .join_from(Campaign, NAMELESS, peewee.JOIN.LEFT_OUTER, on=(NAMELESS.id == ASKED_BY.id))
    ),
    "a list": Campaign.select().where(Campaign.id.in_([1, 2, 3]), Campaign.state.not_in(["won", "lost"])),
    "an empty list": Campaign.select().where(Campaign.id.in_([]) | Campaign.id.not_in([])),
    "what is inside another": Campaign.select().where(Campaign.id.in_(MINE) & ~(Campaign.id == 3)),
    "nothing and something": Letter.select().where(Letter.frozen_at.is_null(), Letter.reopened_at.is_null(False)),
    "equal to nothing": Letter.select().where(Letter.frozen_at == None, Letter.title != None),  # noqa: E711
    "a moment and a day": Role.select().where(Role.until_on >= date(2026, 11, 1), Role.ended_at < clock.now()),
    "a column of an inner question": Campaign.select(Campaign.id, NEWEST.alias("newest")),
    "a table that is a question": (
        Letter.select(Letter.id, COUNTED.c.number).join(COUNTED, on=(COUNTED.c.letter_id == Letter.id))
    ),
    "functions and casts": Person.select(fn.LOWER(Person.name), Person.id.cast("text").concat("-").concat("x")),
    "an ordered gathering": Block.select(fn.string_agg(Block.text, ",").order_by(Block.position, Block.id)),
    "cases": Block.select(Case(Block.kind, [("fact", 1), ("demand", Block.position + 1)], 0)),
    "orders and limits": Person.select()
    .order_by(fn.LOWER(Person.name), Person.id.desc(nulls="LAST"))
    .limit(5)
    .offset(2),
    "groups": Signature.select(Signature.letter, fn.COUNT("*")).group_by(Signature.letter).having(fn.COUNT("*") > 2),
    "either of two": Person.select(Person.id).where(Person.id < 3) | Person.select(Person.id).where(Person.id > 9),
    "windows": Signature.select(fn.ROW_NUMBER().over(partition_by=[Signature.letter], order_by=[Signature.id])),
    "words of our own": Person.select(SQL("1")).where(SQL("name = ?", ["x"]), Value("y") == Person.name),
    "exists": Person.select().where(fn.EXISTS(Membership.select(SQL("1")).where(Membership.person == Person.id))),
    "between": Person.select().where(Person.id.between(1, 5), Person.name.startswith("A%")),
    "a whole row as a value": Membership.select().where(Membership.person == Person(id=4)),
    "put in": Place.insert(name="Hall", home_count=3),
    "put in many": Person.insert_many([{"name": "A", "email": "a@b"}, {"name": "B", "email": "c@d"}]),
    "put in unless there": Person.insert(name="A", email="a@b").on_conflict_ignore(),
    "put in or change": Person.insert(name="A", email="a@b").on_conflict(
        conflict_target=[Person.email], update={Person.name: EXCLUDED.name}
    ),
    "change": Campaign.update(version=Campaign.version + 1, title='a "quoted" title').where(Campaign.id == 3),
    "change and give back": Letter.update(version=Letter.version + 1).returning(Letter.version, Letter.title),
    "take out": Signature.delete().where(Signature.letter.in_(NEWEST)),
}


def both_ways(query):
    options = db.get_context_options()
    return QuickContext(**options).sql(query).query(), peewee.Context(**options).sql(query).query()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_written_as_peewee_writes_it(app, name):
    ours, theirs = both_ways(QUERIES[name])
    assert ours == theirs


def test_so_is_every_table(app):
    for model in _all_below(Model):
        for query in (model.select(), model.delete().where(model._meta.primary_key == 3)):
            ours, theirs = both_ways(query)
            assert ours == theirs, model


def test_the_portal_runs_what_was_written_this_way(app):
    assert isinstance(db.get_sql_context(), QuickContext)


COLUMNS = st.sampled_from([Campaign.id, Campaign.title, Campaign.place, Place.name, Place.home_count, ASKED_BY.name])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.just(NEWEST), COLUMNS)
COMPARED = st.builds(
    lambda column, compare, value: compare(column, value),
    COLUMNS,
    st.sampled_from([Campaign.id.__class__.__eq__, Campaign.id.__class__.__ne__]),
    VALUES,
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds(lambda one: ~one, inner),
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
@settings(max_examples=examples(50, at_once=15), deadline=None)
def test_so_is_any_condition(condition):
    query = Campaign.select(Campaign, Place.name).join(Place).where(condition)
    options = peewee.SqliteDatabase(None).get_context_options()
    ours = QuickContext(**options).sql(query).query()
    assert ours == peewee.Context(**options).sql(query).query()


def _all_below(model):
    for below in model.__subclasses__():
        if below._meta.table_name and below.__module__.startswith("portal."):
            yield below
        yield from _all_below(below)
