"""Everybody chooses for themselves; the link in a mail stops it in one press."""

from portal import clock, mail, outbox
from portal.reminders.emails import stop_token
from portal.reminders.operations import choose, way_of
from tests.counting import count_sql
from tests.reminders.stage import TODAY, morning_mails, promise


def test_a_person_chooses_and_sees_what_they_chose(cast, sign_in):
    browser = sign_in(cast.cerys)
    assert 'value="daily" checked' in _squeezed(browser.get("/me/reminders").text)
    answer = browser.send("/me/reminders", {"way": "at_once"})
    assert answer.status_code == 303 and way_of(cast.cerys) == "at_once"
    assert 'value="at_once" checked' in _squeezed(browser.get("/me/reminders").text)
    assert "/me/reminders" in browser.get("/me").text


def _squeezed(page: str) -> str:
    """Attributes in one order, whatever the library's."""
    return page.replace('checked id="way-0" name="way" type="radio" value="daily"', 'value="daily" checked').replace(
        'checked id="way-1" name="way" type="radio" value="at_once"', 'value="at_once" checked'
    )


def test_a_way_that_there_is_not_is_refused(cast, sign_in):
    for data in ({}, {"way": "hourly"}):
        answer = sign_in(cast.cerys).send("/me/reminders", data)
        assert answer.status_code == 422 and way_of(cast.cerys) == "daily"


def test_it_needs_a_sign_in(client):
    assert "/sign-in" in client.get("/me/reminders").headers["Location"]
    assert client.send("/me/reminders", {"way": "none"}).status_code == 401


def test_the_choice_is_one_page_of_few_statements(cast, sign_in):
    browser = sign_in(cast.cerys)
    browser.get("/me/reminders")
    with count_sql() as seen:
        browser.get("/me/reminders")
    assert len(seen) <= 5


def test_one_press_from_the_mail_stops_it_without_signing_in_and_one_brings_it_back(campaign, cast, client):
    promise(campaign, TODAY)
    (sent,) = morning_mails(TODAY, cast.amina.email)
    link = sent.link("/stop")
    assert client.get(link).status_code == 200 and way_of(cast.amina) == "daily"
    answer = client.send(link)
    assert answer.status_code == 303 and way_of(cast.amina) == "none"
    assert "You get no reminders" in client.get(link).text
    client.send(link.replace("/stop", "/again"))
    assert way_of(cast.amina) == "daily"


def test_what_has_not_left_when_it_is_stopped_never_leaves(campaign, cast, client):
    promise(campaign, TODAY)
    (sent,) = morning_mails(TODAY, cast.amina.email)
    client.send(sent.link("/stop"))
    states = {mail.to: mail.state for mail in outbox.OutgoingMail.select()}
    assert states == {cast.amina.email: "cancelled", cast.ben.email: "queued"}


def test_the_link_of_somebody_else_changes_nothing_of_ones_own(cast, sign_in):
    browser = sign_in(cast.ben)
    for _twice in range(2):
        assert browser.send(f"/reminders/{stop_token(cast.amina.id)}/stop").status_code == 303
    assert (way_of(cast.amina), way_of(cast.ben)) == ("none", "daily")


def test_a_mail_program_stops_it_by_itself(campaign, cast, client):
    promise(campaign, TODAY)
    (sent,) = morning_mails(TODAY, cast.amina.email)
    url = str(sent.message["List-Unsubscribe"]).strip().strip("<>").replace("http://localhost", "")
    assert sent.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = client.post(url, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303 and way_of(cast.amina) == "none"


def test_a_long_address_stands_in_its_header_as_it_is(app):
    link = f"https://campaigns.{'long.' * 30}example.org/reminders/x/stop"
    made = mail.compose(
        mail.Message(to="a@example.org", subject="x", text="x", unsubscribe_url=link), message_id="<1@x>"
    )
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in made.as_bytes()


def test_a_broken_link_or_one_of_an_account_that_is_gone_stops_nothing(cast, client):
    token = stop_token(cast.amina.id)
    assert client.get(f"/reminders/{token}x/stop").status_code == 410
    assert client.send(f"/reminders/{token}x/again").status_code == 410
    choose(cast.amina, "at_once")
    cast.amina.closed_at = clock.now()
    cast.amina.save()
    assert client.send(f"/reminders/{token}/stop").status_code == 410 and way_of(cast.amina) == "at_once"
    # The press that brings it back is made on our page only.
    assert client.post(f"/reminders/{stop_token(cast.cerys.id)}/again").status_code == 400
