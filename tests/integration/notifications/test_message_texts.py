"""The texts of messages: which one a message has, their versions, and an administrator who edits and tries them."""

import re

import psycopg
import pytest
import sqlalchemy as sa

from portal.accounts.commands.people import request_password_reset
from portal.applications.events import DeadlineNear
from portal.calls.models import Programme
from portal.core.db import db
from portal.core.errors import RuleViolation, StaleVersion
from portal.core.event_log import EventRow, list_timeline
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import expand_event
from portal.notifications.sending.rendering import render_message
from portal.notifications.table import NOTIFICATIONS
from portal.notifications.texts.commands import restore_text, save_text, try_text
from portal.notifications.texts.models import MessageText
from portal.notifications.texts.problems import problems_with_wording
from portal.notifications.texts.queries import (
    LANGUAGES,
    WHOLE_PORTAL,
    get_case,
    get_standing,
    list_cases,
    list_versions,
)
from portal.notifications.texts.shipped import shipped_wording
from portal.notifications.texts.standing import Wordings
from portal.notifications.texts.wording import Wording
from tests.world.accounts import ctx_for, given_person
from tests.world.calls import given_programmes
from tests.world.decisions import given_administrator
from tests.world.http import Visitor
from tests.world.mail import text_of
from tests.world.time import moment

SUBJECT = "Nog in te dienen: {{ referentie }}"
BODY = "Dien in vóór {{ sluit_op }}.\n\n[Open de aanvraag]({{ link }})"
CLOSES = moment("2022-09-30T12:00")


def near(town):
    event = DeadlineNear(application_id=town.application.id, days=7, closes_at=CLOSES)
    return town.told(event.topic, town.application.id, event.payload())


def standing(town, language="nl", name="deadline-near", scope="digibanken"):
    return get_standing(town.app, scope, name, language)


def saved(town, body=BODY, subject=SUBJECT, by=None):
    now = standing(town)
    return save_text(ctx_for(by or given_administrator()), now, subject, body, based_on=now.number)


def test_a_message_has_the_text_of_its_programme_and_language_and_remembers_the_version(town):
    saved(town)
    told = near(town)
    assert told[town.eva.email]["Subject"] == "Nog in te dienen: DB-A-2022-3-0017"
    assert text_of(told[town.eva.email]).startswith("Dien in vóór 30 september 2022 om 12.00 uur.")
    assert "omdat u mag tekenen" in text_of(told[town.eva.email]), "the reason stays ours"
    assert told[town.tom.email]["Subject"].startswith("Not submitted yet:"), "the English text is as shipped"
    numbers = {each.language: each.text_number for each in db.session.scalars(sa.select(Delivery))}
    assert numbers == {"nl": 1, "en": 0}


def test_a_run_looks_a_text_up_once_however_many_messages_it_makes(town, count_statements):
    saved(town)
    near(town)
    delivery = db.session.scalars(sa.select(Delivery).where(Delivery.language == "nl")).one()
    event, wordings = db.session.get_one(EventRow, delivery.event_id), Wordings()
    with count_statements() as first:
        render_message(town.app, delivery, event, wordings=wordings)
    with count_statements() as second:
        render_message(town.app, delivery, event, wordings=wordings)
    assert len(first) - len(second) == 1


def test_versions_add_up_and_an_earlier_one_or_the_shipped_one_comes_back_as_a_new_one(town):
    jan = given_administrator()
    saved(town, by=jan)
    second = saved(town, body=BODY.replace("Dien in", "Dien alles in"), by=jan)
    restore_text(ctx_for(jan), town.app, standing(town), 1, based_on=2)
    assert standing(town).wording.body == BODY
    last = restore_text(ctx_for(jan), town.app, standing(town), 0, based_on=3)
    assert standing(town).is_shipped
    assert near(town)[town.eva.email]["Subject"].startswith("Nog niet ingediend:")
    rows = list_versions(standing(town))
    assert [(each.number, each.restored_number) for each in rows] == [(4, 0), (3, 1), (2, None), (1, None)]
    (event,) = list_timeline("text", second.id)
    assert event.topic == "text.saved"
    assert set(event.payload) == {"text_id", "programme_id", "kind", "language", "number", "sha256"}
    assert last.subject is None


@pytest.mark.parametrize("statement", ["UPDATE message_text SET body = 'x'", "DELETE FROM message_text"])
def test_a_version_is_never_changed_and_never_goes(town, statement):
    saved(town)
    with pytest.raises(sa.exc.DBAPIError) as refused, db.session.begin_nested():
        db.session.execute(sa.text(statement))
    assert isinstance(refused.value.orig, psycopg.Error)


def test_a_text_that_somebody_overtook_is_refused_and_so_is_one_that_says_the_same(town):
    opened, jan = standing(town), given_administrator()
    saved(town, by=jan)
    with pytest.raises(StaleVersion):
        save_text(ctx_for(jan), standing(town), "Anders: {{ referentie }}", BODY, based_on=opened.number)
    with pytest.raises(RuleViolation) as refusal:
        save_text(ctx_for(jan), standing(town), SUBJECT, BODY, based_on=1)
    assert refusal.value.codes == ["text-unchanged"]


def test_a_text_is_tried_on_the_messages_that_were_made_and_their_links_are_masked(town):
    near(town)
    (case,) = list_cases(standing(town), [])
    delivery, _event = get_case(standing(town), case.number, [])
    assert (
        delivery.programme_id == db.session.scalars(sa.select(Programme.id).where(Programme.code == "digibanken")).one()
    )
    assert list_cases(standing(town), [town.application.promotor_id]) == [], "not on one's own partnership"


def test_a_test_goes_to_who_asked_it_alone_and_says_so(town):
    near(town)
    (case,) = list_cases(standing(town), [])
    jan = given_administrator()
    try_text(ctx_for(jan), standing(town), Wording(0, SUBJECT, BODY), case.number)
    event = db.session.scalars(sa.select(EventRow).where(EventRow.topic == "trial.asked")).one()
    expand_event(ctx_for(), event)
    delivery = db.session.scalars(sa.select(Delivery).where(Delivery.event_id == event.id)).one()
    message = render_message(town.app, delivery, event)
    assert message["To"] == jan.email
    assert message["Subject"] == "[Test] Nog in te dienen: DB-A-2022-3-0017"
    assert "Dit is een proefbericht" in text_of(message)
    assert "Dien in vóór 30 september 2022" in text_of(message)
    assert standing(town).is_shipped, "a test saves nothing"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notification", [each for each in NOTIFICATIONS if each.variables], ids=lambda each: each.name)
def test_editing_begins_with_a_text_that_could_be_saved(app, inside, notification, language):
    begins = shipped_wording(app, notification, language)
    assert list(problems_with_wording(notification, begins.subject, begins.body)) == []


RESET = f"/admin/message-texts/{WHOLE_PORTAL}/password-reset/nl/edit"


PAGE = "/admin/message-texts/digibanken/deadline-near/nl"


def test_an_administrator_edits_sees_and_saves_a_text_and_loses_nothing(app, world):
    world(given_programmes)
    sofie = Visitor(app).sign_in(world(given_administrator).email)
    shown = sofie.get(f"{PAGE}/edit").text
    assert "Een voorbeeld met verzonnen gegevens." in shown
    assert "Nog niet ingediend: aanvraag DB-B-2022-9-0001" in shown
    typed = {"subject": SUBJECT, "body": BODY, "based_on": "0", "case": "0"}
    preview = sofie.post(f"{PAGE}/edit", {**typed, "preview": "y"})
    assert preview.status_code == 200
    assert "Nog in te dienen: DB-B-2022-9-0001" in preview.text
    assert "Not submitted yet: application DB-B-2022-9-0001" in preview.text
    wrong = sofie.post(f"{PAGE}/edit", {**typed, "body": "Zonder {{ naam }}"})
    assert wrong.status_code == 422
    for words in ("Zonder {{ naam }}", "geen variabele “naam”", "“{{ sluit_op }}” ontbreekt", "“{{ link }}” ontbreekt"):
        assert words in wrong.text
    assert sofie.post(f"{PAGE}/edit", typed).status_code == 302
    assert "Versie 1" in sofie.get("/admin/message-texts/digibanken").text
    mine = {**typed, "body": BODY.replace("Dien in", "Dien nu in")}
    conflict = sofie.post(f"{PAGE}/edit", mine)
    assert conflict.status_code == 409
    assert 'value="1"' in conflict.text
    assert "Dien nu in vóór {{ sluit_op }}." in conflict.text
    assert sofie.post(f"{PAGE}/edit", {**mine, "based_on": "1"}).status_code == 302
    assert "<ins>" in sofie.get(f"{PAGE}/versions/2").text
    assert sofie.post(f"{PAGE}/versions/0/restore", {"based_on": "1"}).status_code == 409
    assert sofie.post(f"{PAGE}/versions/0/restore", {"based_on": "2"}).status_code == 302
    assert "Herhaalt de meegeleverde tekst" in sofie.get(PAGE).text


def test_a_test_is_asked_from_the_editor_which_keeps_what_was_typed(app, world):
    world(given_programmes)
    sofie = Visitor(app).sign_in(world(given_administrator).email)
    typed = {"subject": SUBJECT, "body": BODY, "based_on": "0", "case": "0"}
    sent = sofie.post(f"{PAGE}/test", typed, page=f"{PAGE}/edit")
    assert sent.status_code == 200
    assert "De proef is onderweg naar uw eigen adres." in sent.text
    assert "Dien in vóór {{ sluit_op }}." in sent.text
    refused = sofie.post(f"{PAGE}/test", {**typed, "subject": ""}, page=f"{PAGE}/edit")
    assert refused.status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(EventRow.topic == "trial.asked")) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MessageText)) == 0


def test_who_sends_tests_all_the_time_is_told_to_wait(app, world):
    world(given_programmes)
    sofie = Visitor(app).sign_in(world(given_administrator).email)
    typed = {"subject": "", "body": BODY, "based_on": "0", "case": "0"}
    answers = {sofie.post(f"{PAGE}/test", typed, page=f"{PAGE}/edit").status_code for _time in range(21)}
    assert answers == {422, 429}


def test_no_preview_shows_a_link_that_works_for_somebody_else(app, world):
    world(given_programmes)
    ruben = world(given_person, "Ruben Wuyts")
    world(request_password_reset, ctx_for(), ruben.email)
    world(expand_last)
    shown = Visitor(app).sign_in(world(given_administrator).email).get(RESET).text
    assert "Ruben Wuyts" in shown
    (masked,) = set(re.findall(r'href="(http[^"]*/account/[^"]+)"', shown))
    assert masked.endswith("/hidden")


def expand_last():
    event = db.session.scalars(sa.select(EventRow).order_by(EventRow.id.desc()).limit(1)).one()
    expand_event(ctx_for(), event)
