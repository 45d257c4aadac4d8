"""A draft to fill in, and the form of a section as a browser would send it: what stands there, changed by the test."""

from datetime import date
from html.parser import HTMLParser

import sqlalchemy as sa

from portal.accounts.queries import list_leads
from portal.applications.models import Application, Section
from portal.applications.queries import get_application
from portal.calls.models import Round
from portal.core.db import db
from portal.places.models import Municipality, PostalCode
from portal.places.search_key import search_key
from tests.world.applications_models import change_answer, given_complete_draft
from tests.world.time import moment


class _Controls(HTMLParser):
    """Collects the controls of the form with `data-questions`, as a browser does when it submits."""

    def __init__(self):
        super().__init__()
        self.found, self.inside, self.area, self.choice, self.text = [], False, None, None, ""

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            self.inside = "data-questions" in known
        if not self.inside or ("name" not in known and tag != "option"):
            return
        if tag == "input" and (known.get("type") not in ("checkbox", "radio") or "checked" in known):
            self.found.append((known["name"], known.get("value", "on")))
        elif tag == "textarea":
            self.area, self.text = known["name"], ""
        elif tag == "select":
            self.choice = known["name"]
            self.found.append((self.choice, ""))
        elif tag == "option" and self.choice and "selected" in known:
            self.found[-1] = (self.choice, known["value"])

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.found.append((self.area, self.text.removeprefix("\n")))
            self.area = None
        elif tag == "select":
            self.choice = None
        elif tag == "form":
            self.inside = False


def typed(page, **changed):
    """Every control of the section's form on the page, as name: values; `changed` by question key (a list is several)."""
    reader = _Controls()
    reader.feed(page)
    found = {}
    for name, value in reader.found:
        if name == "csrf_token":  # of whoever opened the page; the visitor brings its own
            continue
        found.setdefault(name, []).append(value)
    for key, value in changed.items():
        found[key.replace("__", "-")] = value if isinstance(value, list) else [value]
    return {"next": ["stay"], **found}


TOWNS = (("13001", "Arendonk", "10000"), ("13014", "Hoogstraten", "10000"), ("46021", "Sint-Niklaas", "40000"))
CODES = {"13001": ("2370",), "13014": ("2320", "2321", "2322", "2323"), "46021": ("9100", "9111", "9112")}
FAR = moment("2099-01-01T12:00")  # the application of the tests reads the machine's clock


def given_draft_to_fill(*, closes_at=FAR):
    """A complete draft of which every answer can be saved again, and the address of whoever signs for its lead partner."""
    given_municipalities()
    application = given_complete_draft()
    promotor = str(application.promotor_id)
    for section in application.sections:
        answers = {key: _with_partner(answer, promotor) for key, answer in section.answers.items()}
        db.session.execute(sa.update(Section).where(Section.id == section.id).values(answers=answers, version=0))
    db.session.expire_all()
    application = get_application(application.reference)
    change_answer(application, "bank_account", "BE71096123456769")
    person = {"name": "Eva Claes", "email": "eva@noordheide.example", "phone": "014 00 00 00"}
    change_answer(application, "contact_person", person)
    close_round(application.reference, closes_at)
    return application.reference, list_leads([application.promotor_id])[0].email


def given_municipalities():
    """Three of them: what the tests name, without the other 328, with their postal codes."""
    for nis, name, province in TOWNS:
        key, since = search_key(name), date(2019, 1, 1)
        row = Municipality(nis=nis, name=name, search_key=key, province_code=province, valid_from=since)
        db.session.merge(row)
        for code in CODES[nis]:
            db.session.merge(PostalCode(nis=nis, postal_code=code, valid_from=since))


def close_round(reference, closes_at):
    """Move the deadline of the application's round, without telling anybody."""
    held = sa.select(Application.round_id).where(Application.reference == reference).scalar_subquery()
    db.session.execute(sa.update(Round).where(Round.id == held).values(closes_at=closes_at))


def section_of(reference, code):
    """The section's answers and version as they stand."""
    row = next(each for each in get_application(reference).sections if each.code == code)
    return dict(row.answers), row.version


def _with_partner(answer, promotor):
    if not isinstance(answer, list):
        return answer
    asked = ("owner", "operator")
    return [
        {**row, **{key: promotor for key in asked if key in row}} if isinstance(row, dict) else row for row in answer
    ]
