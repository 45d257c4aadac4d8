"""One's own deadlines in a calendar program, behind a secret address that its owner renews and withdraws."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from icalendar import Calendar

from portal.accounts.models import Organisation, Person
from portal.applications.models import Application
from portal.calls.models import RoundMove
from portal.core.db import db
from portal.core.text import _l
from portal.desk.calendar import Entry, write_calendar
from tests.integration.desk.test_my_work import given_another_part, given_part_to_sign
from tests.world.accounts import given_person
from tests.world.drafting import given_team_draft
from tests.world.http import Visitor
from tests.world.time import moment

CHANGED = datetime(2022, 6, 1, 8, tzinfo=UTC)
ADDRESS = re.compile(r'value="http://localhost(/calendar/[\w-]+\.ics)"')


def events_in(body):
    return {str(each["SUMMARY"]): each for each in Calendar.from_ical(body).walk("VEVENT")}


def make_address(visitor):
    visitor.post("/account/calendar", page="/account/notifications")
    return ADDRESS.search(visitor.get("/account/notifications").text)[1]


def test_moments_keep_their_clock_in_brussels_in_winter_and_summer_and_a_day_is_a_whole_day(app):
    entries = [
        Entry(_l("Open draft"), "zomer", "/a", "a", moment("2022-07-29T12:00"), CHANGED, moves=2),
        Entry(_l("Open draft"), "winter", "/b", "b", moment("2022-12-16T12:00"), CHANGED),
        Entry(_l("Open draft"), "dag; met, tekens", "/c", "c", date(2022, 7, 1), CHANGED),
    ]
    with app.test_request_context():
        body = write_calendar(entries, "https://portaal.example", "portaal.example")
        assert write_calendar(entries, "https://portaal.example", "portaal.example") == body
    assert b"DTSTART;TZID=Europe/Brussels:20220729T120000\r\n" in body
    assert b"DTSTART;TZID=Europe/Brussels:20221216T120000\r\n" in body
    assert b"DTSTART;VALUE=DATE:20220701\r\n" in body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    found = events_in(body)
    assert found["Open draft: dag; met, tekens"]["URL"] == "https://portaal.example/c"
    assert (found["Open draft: zomer"]["SEQUENCE"], found["Open draft: winter"]["SEQUENCE"]) == (2, 0)
    assert found["Open draft: zomer"]["LAST-MODIFIED"].dt == CHANGED


def test_the_zone_that_is_sent_along_agrees_with_the_portals_own_around_both_changes_of_the_clock(app):
    with app.test_request_context():
        body = write_calendar([], "https://portaal.example", "portaal.example")
    (sent,) = Calendar.from_ical(body).walk("VTIMEZONE")
    theirs, ours = sent.to_tz(lookup_tzid=False), ZoneInfo("Europe/Brussels")
    for day in (datetime(2022, 3, 27, tzinfo=UTC), datetime(2022, 10, 30, tzinfo=UTC)):
        for hour in range(-3, 6):
            at = (day + timedelta(hours=hour)).astimezone(ours).replace(tzinfo=None)
            if at.hour != 2:  # the hour that is skipped in March and comes twice in October
                assert at.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=ours).utcoffset(), at


def test_a_calendar_holds_its_owners_deadlines_and_says_when_nothing_changed(app, visitor, world):
    draft = world(given_team_draft)
    address = make_address(visitor.sign_in(draft.lead))
    program = Visitor(app)
    answer = program.get(address)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    (event,) = events_in(answer.data).values()
    assert str(event["SUMMARY"]).startswith("Aanvraag afwerken en indienen: ")
    assert event["DTSTART"].dt == moment("2099-01-01T12:00")
    assert event["URL"] == f"http://localhost{draft.path}"
    again = program.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = make_address(Visitor(app).sign_in(world(given_person, "Karim Aznag").email))
    assert events_in(program.get(other).data) == {}


def move_deadline(draft):
    application = db.session.scalars(sa.select(Application).where(Application.reference == draft.reference)).one()
    lead = db.session.scalars(sa.select(Person).where(Person.email == draft.lead)).one()
    closes = {"old_closes_at": moment("2098-01-01T12:00"), "new_closes_at": moment("2099-01-01T12:00")}
    later = moment("2097-05-05T12:00")
    db.session.add(
        RoundMove(round_id=application.round_id, moved_at=later, moved_by_id=lead.id, reason="Storing.", **closes)
    )
    return later


def test_a_deadline_that_moves_is_the_same_event_with_a_next_number(app, visitor, world):
    draft = world(given_team_draft)
    address = make_address(visitor.sign_in(draft.lead))
    (before,) = events_in(visitor.get(address).data).values()
    later = world(move_deadline, draft)
    (after,) = events_in(visitor.get(address).data).values()
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == later


def test_an_address_works_until_it_is_renewed_or_withdrawn_each_after_a_question(app, visitor, world):
    visitor.sign_in(world(given_person).email)
    assert visitor.get("/account/calendar/renew").status_code == 404
    first = make_address(visitor)
    assert make_address(visitor) == first, "who has one keeps it"
    assert "Het huidige adres werkt meteen niet meer." in visitor.get("/account/calendar/renew").text
    assert visitor.get(first).status_code == 200
    visitor.post("/account/calendar/renew")
    second = ADDRESS.search(visitor.get("/account/notifications").text)[1]
    assert (visitor.get(first).status_code, visitor.get(second).status_code) == (404, 200)
    visitor.post("/account/calendar/stop")
    assert visitor.get(second).status_code == 404
    assert ADDRESS.search(visitor.get("/account/notifications").text) is None
    row, _, signature = second.removeprefix("/calendar/").removesuffix(".ics").partition("-")
    for wrong in (f"{row}-{'0' * 64}", f"{int(row) + 1}-{signature}", "x", second[10:-5]):
        assert visitor.get(f"/calendar/{wrong}.ics").status_code == 404


def test_a_calendar_of_two_drafts_costs_as_many_statements_as_one_of_one(app, visitor, world, count_statements):
    draft, _writer = world(given_part_to_sign)
    address = make_address(visitor.sign_in(draft.brem.email))
    program = Visitor(app)
    with count_statements() as one:
        assert len(events_in(program.get(address).data)) == 2
    world(given_another_part, draft.reference, draft.brem)
    with count_statements() as two:
        assert len(events_in(program.get(address).data)) == 4
    assert len(one) == len(two)
    assert world(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(Organisation))) > 2


def test_a_calendar_is_read_sixty_times_a_minute_and_then_refused(app, visitor, world):
    address = make_address(visitor.sign_in(world(given_person).email))
    assert {visitor.get(address).status_code for _ in range(60)} == {200}
    assert visitor.get(address).status_code == 429
