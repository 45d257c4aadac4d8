"""What a person reads of their messages in the portal, chooses about them, and stops from within a mail."""

import re

import sqlalchemy as sa

from portal.core.actor import Role
from portal.core.db import db
from portal.notifications.catalogue.calls import RoundOpened
from portal.notifications.categories import Category, Choice
from portal.notifications.models import Delivery, DeliveryState, MailChoice
from portal.notifications.own.choosing import choose_mail
from tests.integration.notifications.conftest import Town
from tests.world.accounts import ctx_for, given_person
from tests.world.http import Visitor
from tests.world.mail import text_of


def given_town(app, times=1, **choices):
    """A town in which the round opened, and Eva was told; her choices by category."""
    town = Town()
    town.app = app
    choose_mail(ctx_for(town.eva), town.eva, {Category(name): choice for name, choice in choices.items()})
    town.messages = [town.told("round.opened", town.round.id) for _ in range(times)]
    return town


def deliveries(person):
    return list(db.session.scalars(sa.select(Delivery).where(Delivery.person_id == person.id).order_by(Delivery.id)))


def test_a_message_kept_to_the_portal_is_read_there_and_leads_to_what_it_is_about(app, visitor, world):
    town = world(given_town, app, deadlines=Choice.PORTAL)
    visitor.sign_in(town.eva.email)
    home = visitor.get("/my-work").text
    assert re.search(r'dp-count">1<span class="govuk-visually-hidden"> ongelezen', home)
    page = visitor.get("/notifications").text
    assert "Ronde A-2022-3 is open" in page
    assert "niet per e-mail, zoals u koos" in page
    (address,) = set(re.findall(r'href="(/notifications/\d+)"', page))
    answer = visitor.get(address)
    assert answer.headers["Location"] == "/calls/digibanken/formation"
    assert "ongelezen" not in visitor.get("/my-work").text, "opening it is reading it"
    other = Visitor(app).sign_in(town.noor.email)
    assert "Ronde A-2022-3" not in other.get("/notifications").text
    assert other.get(address).status_code == 404


def test_messages_are_marked_as_read_one_by_one_or_all_at_once(app, visitor, world):
    town = world(given_town, app, 3)
    visitor.sign_in(town.eva.email)
    first = visitor.get("/notifications").text
    address = re.search(r'action="(/notifications/\d+/read)"', first)[1]
    assert visitor.post(address, page="/notifications").headers["Location"] == "/notifications"
    assert "Ongelezen</strong>" in (second := visitor.get("/notifications?unread=1").text)
    assert second.count('name="next"') == 2
    visitor.post("/notifications/read", page="/notifications")
    assert "Niets past bij deze filter" in visitor.get("/notifications?unread=1").text
    assert visitor.get("/notifications?category=decisions").text.count("Ronde A-2022-3") == 0
    stranger = Visitor(app).sign_in(town.tom.email)
    assert stranger.post(address, page="/notifications").status_code == 404


def hold_back_one(person):
    deliveries(person)[0].state = DeliveryState.CANCELLED


def add_reset(town):
    town.told("person.password-reset-requested", town.eva.id)


def test_a_link_that_stands_for_a_person_and_what_was_held_back_are_not_shown(app, visitor, world):
    town = world(given_town, app)
    world(add_reset, town)
    visitor.sign_in(town.eva.email)
    page = visitor.get("/notifications").text
    assert "De link staat voor uw veiligheid alleen in de e-mail." in page
    assert "/account/reset" not in page
    assert len(set(re.findall(r'href="/notifications/\d+"', page))) == 1
    secret = world(lambda: deliveries(town.eva)[-1].id)
    assert visitor.get(f"/notifications/{secret}").status_code == 404
    world(hold_back_one, town.eva)
    assert re.findall(r'href="/notifications/\d+"', visitor.get("/notifications").text) == []


def tell_again(town):
    for _ in range(2):
        town.told("round.opened", town.round.id)


def test_a_list_of_three_costs_as_many_statements_as_a_list_of_one(app, visitor, world, count_statements):
    town = world(given_town, app, deadlines=Choice.PORTAL)
    visitor.sign_in(town.eva.email)
    with count_statements() as one:
        assert visitor.get("/notifications").text.count("Ronde A-2022-3 is open</a>") == 1
    world(tell_again, town)
    with count_statements() as three:
        assert visitor.get("/notifications").text.count("Ronde A-2022-3 is open</a>") == 3
    assert len(one) == len(three) == 3, "who asks, the list, and the number beside the bell"


def test_choices_are_kept_and_what_always_comes_says_why(app, visitor, world):
    town = world(given_town, app)
    visitor.sign_in(town.tom.email)
    page = visitor.get("/account/notifications").text
    assert "Always by mail: these prove what you submitted" in page
    assert 'name="reviewing"' not in page, "what never comes to somebody is not asked"
    chosen = {"deadlines": "digest", "collaboration": "portal", "mailings": "at_once", "language": "nl"}
    assert visitor.post("/account/notifications", chosen).status_code == 302
    kept = world(lambda: {each.category: each.choice for each in db.session.scalars(sa.select(MailChoice))})
    assert kept == {Category.DEADLINES: Choice.DIGEST, Category.COLLABORATION: Choice.PORTAL}
    wrong = visitor.post("/account/notifications", chosen | {"deadlines": "never"})
    assert wrong.status_code == 422
    reviewer = world(given_person, "Joris Wuyts", roles=[Role.REVIEWER])
    page = Visitor(app).sign_in(reviewer.email).get("/account/notifications").text
    assert 'name="reviewing"' in page
    assert "Altijd per e-mail: een uitnodiging zonder antwoord vervalt." in page


def given_mail(app):
    """Eva's message of an opened round, and herself."""
    town = given_town(app)
    return town.messages[0][town.eva.email], town.eva


def choice_of(person):
    found = db.session.scalars(sa.select(MailChoice).where(MailChoice.person_id == person.id)).one_or_none()
    return found.choice if found else None


def test_a_mail_program_stops_messages_with_one_post_and_without_a_session(app, visitor, world):
    message, eva = world(given_mail, app)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (line,) = [each for each in message.as_bytes().split(b"\n") if each.startswith(b"List-Unsubscribe: ")]
    path = re.fullmatch(rb"List-Unsubscribe: <http://localhost(/unsubscribe/deadlines/[\w-]+)>", line)[1].decode()
    assert f"http://localhost{path}" in text_of(message)
    assert visitor.get(path).status_code == 200
    assert world(choice_of, eva) is None, "opening the link stops nothing: programs that look at mail open links too"
    assert visitor.client.post(path).status_code == 422
    answer = visitor.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert world(choice_of, eva) is Choice.PORTAL
    assert visitor.client.post(f"{path}/undo").status_code == 400, "putting it back is a form of ours, with its token"
    assert "weer zoals voordien" in visitor.post(f"{path}/undo").text
    assert world(choice_of, eva) is Choice.AT_ONCE


def test_a_link_that_is_not_right_is_no_page_whatever_is_wrong_with_it(app, visitor, world):
    message, eva = world(given_mail, app)
    path = re.search(r"/unsubscribe/deadlines/\S+", text_of(message))[0]
    token = path.rpartition("/")[2]
    wrong = [
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        f"/unsubscribe/reviewing/{token}",
        f"/unsubscribe/decisions/{token}",
        f"/unsubscribe/nothing/{token}",
        f"/unsubscribe/deadlines/{int(token.partition('-')[0]) + 1}-{token.partition('-')[2]}",
        "/unsubscribe/deadlines/x",
    ]
    pages = {re.sub(r"[0-9a-f]{16}|/unsubscribe/\S+", "", visitor.get(each).text) for each in wrong}
    assert {visitor.get(each).status_code for each in wrong} == {404}
    assert len(pages) == 1
    assert {visitor.client.post(each, data={"List-Unsubscribe": "One-Click"}).status_code for each in wrong} == {404}
    assert world(choice_of, eva) is None
    assert visitor.get(path).status_code == 200


def test_a_message_that_is_about_its_own_words_alone_is_read_in_the_portal(app, visitor, world, monkeypatch):
    monkeypatch.setattr(RoundOpened, "is_read_here", True)
    town = world(given_town, app, deadlines=Choice.PORTAL)
    visitor.sign_in(town.eva.email)
    address = re.search(r'href="(/notifications/\d+)"', visitor.get("/notifications").text)[1]
    page = visitor.get(address)
    assert page.status_code == 200
    assert "Ronde A-2022-3" in page.text
    assert "/unsubscribe/" not in page.text
    assert "ongelezen" not in visitor.get("/my-work").text
