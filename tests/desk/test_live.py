"""Looking at the desk again and again: what is new, who is here, and what it costs."""

from datetime import timedelta

import pytest

from portal import clock
from portal.letters.blocks import Words, move_block, remove_block, save_block
from portal.letters.desk import looking
from portal.letters.desk.looking import Glance
from portal.letters.models import Block, Letter
from portal.letters.operations import desk_changed
from portal.letters.resting import rest_on
from portal.letters.talk.models import Presence
from tests.builders import build_campaign, build_item, build_letter
from tests.counting import count_sql


@pytest.fixture
def letter(cast):
    return build_letter(
        build_campaign(
            leads=[cast.amina, cast.ben], members=[cast.cerys], organizer=cast.ola, floors=1, homes_per_floor=2
        )
    )


def at(letter, path=""):
    return f"/campaigns/{letter.campaign.key}/letters/{letter.id}{path}"


class Looker:
    """A page of the desk that asks again and again, as static/js/desk.js does."""

    def __init__(self, browser, letter):
        self.browser, self.letter = browser, letter
        self.seen, self.marks = "", {}

    def look(self, **given):
        have = ",".join(f"{block}:{mark}" for block, mark in self.marks.items())
        answer = self.browser.get(at(self.letter, "/live"), query_string={"seen": self.seen, "have": have, **given})
        if answer.status_code == 200:
            self.seen = answer.text.split('data-seen="')[1].split('"')[0]
            for piece in answer.text.split('id="block_')[1:]:
                self.marks[piece.split('"')[0]] = piece.split('data-mark="')[1].split('"')[0]
        return answer


@pytest.fixture
def amina(letter, sign_in, cast):
    return Looker(sign_in(cast.amina), letter)


def cards_in(answer):
    return [piece.split('"')[0] for piece in answer.text.split('data-part="')[1:]]


class TestLooking:
    def test_nothing_new_is_an_empty_answer_of_one_statement(self, letter, amina):
        assert len(cards_in(amina.look())) == 6
        with count_sql() as seen:
            answer = amina.look()
        assert answer.status_code == 204 and answer.text == ""
        # Who is signed in, the letter, and what they are to it.
        assert len(seen) == 1, seen

    def test_only_the_part_that_changed_comes_with_who_saved_it(self, letter, amina, cast):
        amina.look()
        block = letter.blocks.where(Block.kind == "fact").get()
        save_block(block, Words("34 homes have mould."), seen=1, by=cast.ben)
        with count_sql() as seen:
            answer = amina.look()
        assert cards_in(answer) == [str(block.id)]
        assert "34 homes" in answer.text and "Ben saved this part a moment ago." in answer.text
        assert len(seen) <= 5, seen

    def test_a_number_that_fills_itself_comes_filled_in(self, letter, amina, cast):
        amina.look()
        block = letter.blocks.where(Block.kind == "fact").get()
        item = build_item(letter.campaign, home_count=2)
        rest_on(block, [item.id], had=[], put_count=True, seen=1, by=cast.ben)
        with count_sql() as seen:
            answer = amina.look()
        assert "2 of 2 homes have mould." in answer.text and "Mould in bedrooms" in answer.text
        assert len(seen) <= 5, seen

    def test_a_second_person_s_look_at_the_same_state_costs_less(self, letter, amina, sign_in, cast):
        amina.look()
        with count_sql() as seen:
            Looker(sign_in(cast.ben), letter).look()
        # Beside the sign-in itself: signed in, and the door.
        assert len([sql for sql in seen if sql.startswith("SELECT")]) == 2, seen

    def test_order_and_removed_parts_come_too(self, letter, amina, cast):
        amina.look()
        first, second = letter.blocks.order_by(Block.position).limit(2)
        move_block(second, -1, by=cast.ben)
        assert f'data-order="{second.id},{first.id},' in amina.look().text
        remove_block(second, seen=1, by=cast.ben)
        answer = amina.look().text
        assert f'data-order="{first.id},' in answer and "One part was taken out" in answer

    def test_talk_beside_the_text_is_news_too(self, letter, amina, cast):
        amina.look()
        block = letter.blocks.where(Block.kind == "fact").get()
        Block.update(comment_count=1).where(Block.id == block.id).execute()
        desk_changed(letter, talk=1)
        assert cards_in(amina.look()) == [str(block.id)]

    def test_next_step_and_checks_come_when_asked_for(self, letter, amina, cast):
        amina.look()
        block = letter.blocks.where(Block.kind == "fact").get()
        assert 'id="checks"' not in amina.look().text
        save_block(block, Words("[how many] homes have mould."), seen=1, by=cast.ben)
        answer = amina.look(aside=1).text
        assert 'id="standing"' in answer and 'id="checks"' in answer and "[how many]" in answer
        assert amina.look(aside=2).status_code == 204

    def test_each_gets_the_buttons_and_the_tokens_of_their_own(self, letter, amina, sign_in, cast):
        cerys, ben = Looker(sign_in(cast.cerys), letter), Looker(sign_in(cast.ben), letter)
        pages = [looker.look().text for looker in (amina, ben, cerys)]
        assert "Move or remove" in pages[0] and "Move or remove" not in pages[2]
        tokens = [page.split('csrf_token" value="')[1].split('"')[0] for page in pages[:2]]
        assert tokens[0] != tokens[1]
        keys = [piece.split('"')[0] for page in pages[:2] for piece in page.split('name="once" value="')[1:]]
        assert len(keys) == len(set(keys)) == 12
        block = letter.blocks.where(Block.kind == "closing").get()
        sent = {"csrf_token": tokens[1], "step": "up", "once": keys[-1]}
        assert ben.browser.post(at(letter, f"/blocks/{block.id}/move"), data=sent).status_code == 303

    def test_whoever_has_been_at_the_desk_when_it_froze_is_told(self, letter, amina):
        amina.look()
        Letter.update(frozen_at=clock.now(), desk_version=2).where(Letter.id == letter.id).execute()
        answer = amina.look().text
        assert "data-closed" in answer and "Move or remove" not in answer


class TestPresence:
    def test_others_see_who_is_here_and_where_they_write(self, letter, amina, sign_in, cast):
        amina.look()
        block = letter.blocks.where(Block.kind == "demand").order_by(Block.position).first()
        ben = sign_in(cast.ben)
        assert ben.send(at(letter, "/presence"), {"on": block.id}).status_code == 204
        answer = amina.look()
        assert "Ben is writing in" in answer.text and "Demand 1" in answer.text and cards_in(answer) == []

    def test_after_a_minute_without_a_word_they_are_gone(self, letter, amina, sign_in, cast):
        sign_in(cast.ben).send(at(letter, "/presence"), {"on": ""})
        assert "Ben is here" in amina.look().text
        with clock.frozen_at(clock.now() + timedelta(seconds=61)):
            answer = amina.look()
        assert answer.status_code == 200 and "Ben is here" not in answer.text

    def test_one_row_for_each_however_often_they_say_it(self, letter, sign_in, cast):
        ben = sign_in(cast.ben)
        for block in letter.blocks:
            ben.send(at(letter, "/presence"), {"on": block.id})
        assert Presence.get().block == block

    def test_a_part_of_another_letter_is_none(self, letter, sign_in, cast):
        other = build_letter(letter.campaign).blocks.first()
        sign_in(cast.ben).send(at(letter, "/presence"), {"on": other.id})
        assert Presence.get().block is None


class TestWhoMay:
    @pytest.mark.parametrize("name", ["amina", "cerys", "ola"])
    def test_the_circle_and_its_organizer_may_look(self, letter, sign_in, cast, name):
        assert sign_in(getattr(cast, name)).get(at(letter, "/live")).status_code == 200

    def test_for_anybody_else_there_is_nothing(self, letter, sign_in, cast):
        for browser in (sign_in(cast.nia), sign_in(cast.dov)):
            assert browser.get(at(letter, "/live")).status_code == 404
            assert browser.send(at(letter, "/presence"), {"on": ""}).status_code == 404

    def test_in_a_public_campaign_it_is_known_and_closed(self, sign_in, cast):
        letter = build_letter(build_campaign(leads=[cast.amina], visibility="public"))
        assert sign_in(cast.nia).get(at(letter, "/live")).status_code == 403
        assert sign_in(cast.amina).get(at(letter, "/live")[:-5] + "9/live").status_code == 404


class TestAfterASave:
    @pytest.fixture
    def block(self, letter):
        return letter.blocks.where(Block.kind == "fact").get()

    def saved(self, browser, letter, block, text):
        sent = {"text": text, "source": block.source, "seen": Block.get_by_id(block.id).version}
        with count_sql() as seen:
            answer = browser.send(at(letter, f"/blocks/{block.id}"), sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and text in answer.text
        return answer.text, seen

    def test_what_the_saver_s_process_knows_is_what_another_reads(self, letter, amina, block, cast):
        rest_on(block, [build_item(letter.campaign, home_count=2).id], had=[], put_count=False, seen=1, by=cast.ben)
        amina.look()
        _card, seen = self.saved(amina.browser, letter, block, "34 homes have mould.")
        # The parts were not read again.
        assert not [sql for sql in seen if "evidence_item" in sql], seen
        here = looking._desks[letter.campaign.key, letter.id]
        looking._desks.clear()
        elsewhere = looking.desk_at(Glance(letter.campaign, letter.id, here.desk_version, 0))
        assert (here.marks, here.desk_version) == (elsewhere.marks, elsewhere.desk_version)
        assert here.letter.__data__ == elsewhere.letter.__data__
        assert [vars(Words.of(one)) for one in here.blocks] == [vars(Words.of(one)) for one in elsewhere.blocks]

    @pytest.mark.parametrize("says", ["34 homes have mould.", None])
    def test_what_changed_meanwhile_is_read_also_after_a_save_that_changed_nothing(
        self, letter, amina, block, cast, says
    ):
        amina.look()
        other = letter.blocks.where(Block.kind == "closing").get()
        save_block(other, Words("We look forward to your answer."), seen=1, by=cast.ben)
        self.saved(amina.browser, letter, block, says or block.text)
        assert "We look forward" in amina.look().text
