"""The desk in real browsers: two who write at once, a lost connection, a closed tab, the keyboard alone."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.at_desk import WIDE, card, save, sign_in_once, write
from tests.journeys.browsing import Visitor
from tests.journeys.desk_data import CLOSING, FACT, HARM, KEY, PASSWORD
from tests.journeys.serving import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

letters = itertools.count(1)
# Everything that this browser holds for the portal, as text.
KEPT_HERE = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => done(r.result);
      });
      for (const row of rows) {
        found.push(row instanceof CryptoKey ? `key ${row.extractable}`
          : new TextDecoder("latin1").decode(row.sealed) + JSON.stringify(row));
      }
    }
    db.close();
  }
  return found;
}"""


@pytest.fixture(scope="module")
def portal(chromium: Any, new_portal: Any) -> Iterator[Portal]:
    with new_portal("desk") as portal:
        yield portal


@pytest.fixture(scope="module")
def cookies(chromium: Any, portal: Portal) -> dict[str, Any]:
    """Each person signs in once."""
    return sign_in_once(chromium, portal, "amina", "bolu")


@pytest.fixture
def at_desk(portal: Portal, visit: Any, cookies: dict[str, Any]) -> Callable[..., Visitor]:
    """at_desk("amina", 3) is Amina with letter 3 before her."""

    def open_desk(name: str, letter: int, **given: Any) -> Visitor:
        visitor: Visitor = visit(portal, name, size=WIDE, **given)
        visitor.context.add_cookies(cookies[name])
        return visitor.go(f"/campaigns/{KEY}/letters/{letter}")

    return open_desk


@pytest.fixture
def letter() -> int:
    return next(letters)


def test_two_in_different_parts_see_each_other_s_words(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    mine = write(amina, "Fact", "34 of our 84 homes have mould.")
    write(bolu, "Closing", "Answer us by Monday.")
    # Each sees where the other is writing.
    expect(card(bolu, "Fact").locator("header")).to_contain_text("Amina is writing here")
    save(bolu, "Closing")
    expect(card(amina, "Closing")).to_contain_text("by Monday")
    # What Amina types stays, and has the keyboard.
    expect(mine).to_have_value("34 of our 84 homes have mould.")
    expect(mine).to_be_focused()
    save(amina, "Fact")
    expect(card(bolu, "Fact")).to_contain_text("34 of our 84")


def test_whoever_has_saved_writes_there_no_longer(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    # Without the hands of the clock: it shall not take until Bolu's desk says by itself where he is.
    bolu.context.add_init_script("window.setInterval = () => 0")
    bolu.go(bolu.path)
    write(bolu, "Fact", FACT.replace("nine", "eleven"))
    expect(card(amina, "Fact").locator("header")).to_contain_text("Bolu is writing here")
    save(bolu, "Fact")
    expect(card(amina, "Fact")).to_contain_text("eleven")
    expect(card(amina, "Fact").locator("header")).not_to_contain_text("is writing here")
    expect(amina.page.locator("#here")).to_contain_text("Bolu is here")


def test_different_words_of_one_part_are_put_together(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    field = write(amina, "Fact", FACT.replace("31", "34"))
    write(bolu, "Fact", FACT.replace("nine", "eleven"))
    save(bolu, "Fact")
    expect(card(amina, "Fact")).to_contain_text("Bolu saved this part a moment ago")
    expect(field).to_have_value(FACT.replace("31", "34"))
    save(amina, "Fact")
    expect(card(amina, "Fact")).to_contain_text(FACT.replace("31", "34").replace("nine", "eleven"))
    amina.follow("See what was put together, or undo it").sees("Both of you are in it now", "34", "eleven")
    amina.press("Only Bolu’s words")
    expect(card(amina, "Fact")).to_contain_text(FACT.replace("nine", "eleven"))


def test_the_same_words_are_a_clash_that_waits_until_somebody_chooses(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    write(amina, "Closing", "Answer us by Monday.")
    write(bolu, "Closing", "Answer us by Sunday.")
    save(bolu, "Closing")
    with amina.expecting(409):
        save(amina, "Closing")
        expect(card(amina, "Closing")).to_contain_text("Bolu saved while you were writing")
    expect(card(bolu, "Closing")).to_contain_text("Two texts for this part: Bolu’s and Amina’s.")
    card(bolu, "Closing").get_by_role("link", name="Read both and choose").click()
    bolu.press("Take Amina’s words")
    expect(card(bolu, "Closing")).to_contain_text("by Monday")
    expect(card(bolu, "Closing")).not_to_contain_text("Two texts")


def test_a_lost_connection_keeps_the_words_and_saves_them_once(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    write(amina, "What it does", f"{HARM} It is cold.")
    amina.context.set_offline(True)
    card(amina, "What it does").get_by_role("button", name="Save", exact=True).click()
    expect(card(amina, "What it does")).to_contain_text("The connection is gone. Your words are kept here")
    with amina.page.expect_response(lambda answer: answer.request.method == "POST" and "/blocks/" in answer.url):
        amina.context.set_offline(False)
    expect(card(amina, "What it does").locator("textarea")).to_have_count(0)
    expect(card(amina, "What it does")).to_contain_text("It is cold.")
    card(amina, "What it does").get_by_role("link", name="History").click()
    expect(amina.page.locator(".suggestion")).to_have_count(2)
    # What a browser says of a network that is not there.
    lost = ("INTERNET_DISCONNECTED", "htmx:sendError")
    amina.watch.troubles[:] = [line for line in amina.watch.troubles if not any(words in line for words in lost)]


def test_words_typed_after_a_save_that_did_arrive_are_not_taken_for_it(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    field = write(amina, "Fact", FACT.replace("31", "34"))

    def arrives_and_is_not_heard(route: Any) -> None:
        route.fetch()
        route.abort("connectionreset")

    amina.page.route("**/blocks/*", arrives_and_is_not_heard, times=1)
    card(amina, "Fact").get_by_role("button", name="Save", exact=True).click()
    expect(card(amina, "Fact")).to_contain_text("The connection is gone")
    field.fill(FACT.replace("31", "34").replace("nine", "eleven"))
    # The desk asks again by itself, and saves what is there now.
    expect(card(amina, "Fact").locator("textarea")).to_have_count(0)
    expect(card(amina, "Fact")).to_contain_text("failed eleven times")
    amina.watch.troubles.clear()


def test_a_closed_tab_gets_its_words_back(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    write(amina, "Closing", "Answer us before the frost.")
    expect(card(amina, "Closing")).to_contain_text("Kept on this device since")
    amina.page.close()
    amina.page = amina.context.new_page()
    amina.go(f"/campaigns/{KEY}/letters/{letter}")
    expect(card(amina, "Closing")).to_contain_text("You were writing here at")
    card(amina, "Closing").get_by_role("button", name="Bring it back").click()
    expect(card(amina, "Closing").locator("textarea")).to_have_value("Answer us before the frost.")
    save(amina, "Closing")
    expect(card(amina, "Closing")).to_contain_text("before the frost")
    amina.page.reload()
    expect(card(amina, "Closing")).to_contain_text("before the frost")
    expect(amina.page.locator("[data-draft]")).to_have_count(0)


def test_nothing_kept_can_be_read_and_signing_out_leaves_nothing(portal: Portal, visit: Any, letter: int) -> None:
    amina: Visitor = visit(portal, "amina", size=WIDE)
    amina.go("/sign-in/password").fill(email="amina@example.org", password=PASSWORD).press("Sign in")
    amina.go(f"/campaigns/{KEY}/letters/{letter}")
    write(amina, "Closing", "Zanzibar is a secret word.")
    expect(card(amina, "Closing")).to_contain_text("Kept on this device since")
    kept = amina.page.evaluate(KEPT_HERE)
    assert "key false" in kept and len(kept) == 4
    half = amina.page.locator("#desk").get_attribute("data-half")
    assert not any("Zanzibar" in row or half in row for row in kept)
    amina.go("/me").press("Sign out here")
    left = amina.page.evaluate(KEPT_HERE)
    # Two kinds of storage, the first empty and the second without a word of ours; and no database.
    assert left[0] == "{}" and len(left) == 2 and "Zanzibar" not in left[1]


def test_on_a_shared_computer_nothing_is_kept(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    # The question comes with the first form: before it there is nothing that could be kept.
    field = write(amina, "Closing", "Answer us")
    amina.page.get_by_label("This is a shared computer").check()
    field.fill("Answer us before the frost.")
    expect(card(amina, "Closing")).to_contain_text("Nothing is kept on this device.")
    amina.page.reload()
    expect(amina.page.get_by_label("This is a shared computer")).to_be_checked()
    expect(amina.page.locator("[data-draft]")).to_have_count(0)


def test_a_part_is_moved_by_the_keyboard_alone(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    typed = write(bolu, "Fact", "I am typing")
    summary = card(amina, "Closing").locator("summary")
    summary.focus()
    keys = amina.page.keyboard
    keys.press("Enter")
    keys.press("Tab")
    expect(amina.page.get_by_role("button", name="Move up Closing")).to_be_focused()
    keys.press("Enter")
    expect(amina.page.locator("#live")).to_have_text("Closing is now number 3 of 4.")
    expect(amina.page.get_by_role("button", name="Move up Closing")).to_be_focused()
    # The other sees the new order, and what is being typed there stays.
    expect(bolu.page.locator("#blocks > article:nth-of-type(3)")).to_contain_text(CLOSING)
    expect(typed).to_have_value("I am typing")
    expect(typed).to_be_focused()


def test_a_part_is_removed_and_put_back_without_leaving_the_page(at_desk: Any, letter: int) -> None:
    amina, bolu = at_desk("amina", letter), at_desk("bolu", letter)
    card(amina, "Question").locator("summary").click()
    amina.page.get_by_role("button", name="Remove Question").click()
    expect(amina.page.locator("#removed")).to_contain_text("When?")
    expect(bolu.page.locator("#blocks > article")).to_have_count(3)
    amina.page.get_by_role("button", name="Put it back").click()
    expect(bolu.page.locator("#blocks > article")).to_have_count(4)


def test_a_part_is_dragged_to_another_place(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    handle = card(amina, "Closing").locator(".drag")
    handle.scroll_into_view_if_needed()
    start, goal = handle.bounding_box(), card(amina, "Fact").bounding_box()
    mouse = amina.page.mouse
    mouse.move(start["x"] + 5, start["y"] + 10)
    mouse.down()
    mouse.move(goal["x"] + 60, goal["y"] + 3, steps=4)
    mouse.up()
    expect(amina.page.locator("#blocks > article").first).to_contain_text(CLOSING)


def test_a_part_is_split_where_the_cursor_stands(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter)
    field = write(amina, "What it does")
    field.evaluate("(it, at) => it.setSelectionRange(at, at)", HARM.index("Children"))
    with amina.page.expect_navigation():
        card(amina, "What it does").get_by_role("button", name="Split it at the cursor").click()
    expect(amina.page.locator("#blocks > article")).to_have_count(5)
    expect(amina.page.locator("#blocks > article:nth-of-type(3)")).to_contain_text("Children cough")


def test_without_script_everything_works_one_person_at_a_time(at_desk: Any, letter: int) -> None:
    amina = at_desk("amina", letter, script=False)
    amina.follow("See what changed since")
    card(amina, "Fact").get_by_role("link", name="Change").click()
    amina.fill(text="34 homes. They cough.", why="Ben counted again").press("Save").sees("34 homes.")
    card(amina, "Fact").locator("summary").click()
    card(amina, "Fact").get_by_role("link", name="Split or join").click()
    amina.tick("They cough.").press("Split it there").sees("Fact 2")
    card(amina, "Fact 1").locator("summary").click()
    card(amina, "Fact 1").get_by_role("link", name="Split or join").click()
    amina.press("Join the two").sees("One part was taken out")
    card(amina, "Fact").locator("summary").click()
    card(amina, "Fact").get_by_role("link", name="Add below").click()
    amina.follow("Add a question").fill(text="Who mends it?").press("Add it to the letter")
    expect(amina.page.locator("#blocks > article:nth-of-type(2)")).to_contain_text("Who mends it?")
