"""A word of its own in everything that is hidden, and everybody on every page, list, export, feed and message.

None appears where it may not, and each appears where it may. The routes come from the application itself, so that a page
that is made later is looked at too.
"""

import io
import itertools
import re
import zipfile

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.routing import UnicodeConverter

from portal.accounts.queries import actor_of, find_person_by_email
from portal.applications.models import Paper
from portal.applications.printing import as_html, file_name
from portal.core.actor import ANONYMOUS
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.event_log import EventRow
from portal.core.routing import load_of, policy_of
from portal.notifications.models import Delivery
from portal.notifications.sending.relay import relay_batch
from portal.notifications.sending.rendering import render_message
from tests.world.accounts import ctx_for
from tests.world.hidden import given_blind_words, given_hidden_words
from tests.world.http import Visitor
from tests.world.mail import text_of

# Machinery, blank forms, and strategies, whose topics the programmes of these tests do not have.
ELSEWHERE = (
    "/demo",
    "/static",
    "/language",
    "/sign-out",
    "/readyz",
    "/server-time",
    "/rounds/<code>/form",
    "/strategies",
    "/applications/<ref>/draft.docx",  # what its pages show, once more
    "/applications/<ref>/kept",
    "/applications/<ref>/budget/",
)
OF_ONESELF = {"accounts.profile", "accounts.change_password", "notifications.choices"}  # their subject is whoever asks
PASSERS_BY = {"visitor", "lead", "annelies", "bert", "admin"}  # those enough to read what is public to everybody
MOST = 10  # addresses of one route
NUMBERS = {  # what a number stands for, by how the address begins
    "/desk/decisions": "decision",
    "/partnerships": "partnership",
    "/admin/people": "person",
    "/organisations": "number",
}
OTHERS = {"section": "B4", "rule": "OV-07", "slug": "reviewers", "programme": "digibanken", "kind": "dnsh_analysis"}


def addresses(app, hidden):
    """Return, for each person, every address that its policy opens to them, about what is known of this world.

    Whoever its policy refuses gets a page without content: tests/integration/demo asks that of every route and everybody.
    """
    asked = {name: [] for name in hidden.people}
    with app.test_request_context():
        people = {
            name: actor_of(find_person_by_email(email)) if email else ANONYMOUS for name, email in hidden.people.items()
        }
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.rule.startswith(ELSEWHERE):
                for values in _choices(rule, hidden):
                    for name in _allowed(app, rule.endpoint, values, people):
                        asked[name].append(app.url_for(rule.endpoint, **values))
    return asked


def _allowed(app, endpoint, values, people):
    policy, load = policy_of(app, endpoint), load_of(app, endpoint)
    if endpoint in OF_ONESELF:
        return [name for name, actor in people.items() if not actor.is_anonymous]
    try:
        subject = load(**values) if load else None
    except NotFound:
        return []
    who = PASSERS_BY & people.keys() if policy.is_public else people
    return [name for name in who if policy.allows(people[name], subject)]


def _choices(rule, hidden):
    """Yield the values for an address of this rule: every combination where they are few."""
    names = sorted(rule.arguments)
    every = itertools.product(*(_values(rule, name, hidden) for name in names))
    for chosen in itertools.islice(every, MOST):
        yield dict(zip(names, chosen, strict=True))


def _values(rule, name, hidden):
    if name == "code":
        return ["B4"] if "/sections/" in rule.rule else hidden.values["code"]
    usual = "none" if isinstance(rule._converters[name], UnicodeConverter) else 1
    if name == "number":
        name = next((key for prefix, key in NUMBERS.items() if rule.rule.startswith(prefix)), "application")
    return hidden.values.get(name) or [OTHERS.get(name, usual)]


def said(answer):
    """What an answer says, of whatever kind, its file name included."""
    content = answer.data
    if content[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(content))
        content = b" ".join(packed.read(each) for each in packed.namelist())
    return content.decode(errors="replace") + str(answer.headers)


def own_calendar(browser):
    """The secret address of one's own calendar, made for the occasion."""
    browser.post("/account/calendar", page="/account/notifications")
    return re.search(r"http://localhost(/calendar/[\w-]+\.ics)", browser.get("/account/notifications").text)[1]


def crawl(app, hidden, name, asked):
    """Return where each word was met by this person."""
    browser = Visitor(app)
    if hidden.people[name]:
        browser.sign_in(hidden.people[name])
        asked = [*asked, own_calendar(browser)]
    met = {}
    for path in asked:
        answer = browser.get(path)
        assert answer.status_code < 500, f"{name}: {path}"
        if answer.status_code == 200:
            text = said(answer)
            for word in hidden.words:
                if word.text in text:
                    met.setdefault(word.text, []).append(path)
        answer.close()
    return met


def messages(app):
    """Return (address, subject and text) of every message that the world so far causes; its reader's list has it too."""
    while relay_batch(ctx_for()).rows:
        db.session.commit()
    found = db.session.execute(sa.select(Delivery, EventRow).join(EventRow, EventRow.id == Delivery.event_id)).all()
    assert found
    for delivery, event in found:
        message = render_message(app, delivery, event)
        delivery.subject = str(message["Subject"])
        yield delivery.address, f"{message['Subject']} {text_of(message)}"


def look(app, hidden):
    """Have everybody look everywhere; return how many pages that were. Who reads what they may not is named, and where."""
    asked, leaks, missing = addresses(app, hidden), [], []
    for name in hidden.people:
        met = crawl(app, hidden, name, asked[name])
        for word in hidden.words:
            if word.text in met and not word.may(name):
                leaks.append(f"{name} reads {word.text!r} on {met[word.text]}")
            if word.text not in met and name in word.readers:
                missing.append(f"{name} reads {word.text!r} nowhere")
    assert not leaks, "\n".join(leaks)
    assert not missing, "\n".join(missing)
    return sum(map(len, asked.values()))


def read_messages(app, world, hidden):
    """Look for the words in every message, and in who gets it."""
    names = {email: name for name, email in hidden.people.items()}
    for address, text in world(lambda: list(messages(app))):
        found = [each.text for each in hidden.words if each.text in text and not each.may(names.get(address, ""))]
        assert not found or address not in names, f"{address}: {found}"


def _printed(app):
    """Return the file name and the text of the one PDF that was asked for."""
    beside = joinedload(Paper.application), joinedload(Paper.snapshot), joinedload(Paper.form_version)
    paper = db.session.scalars(sa.select(Paper).options(*beside)).one()
    return file_name(paper), as_html(app, paper)


@pytest.mark.timeout(300)
def test_a_hidden_word_is_met_by_whom_it_is_for_and_by_nobody_else(app, world, visitor):
    hidden = world(given_hidden_words)
    read_messages(app, world, hidden)
    assert look(app, hidden) > 400, "the pages were there to be read"


@pytest.mark.timeout(300)
def test_reviewers_of_a_blind_round_meet_no_name_on_a_page_in_a_file_or_in_a_message(app, world, visitor):
    hidden = world(given_blind_words)
    path = f"/reviews/{hidden.values['review_id'][0]}/paper"
    visitor.sign_in(hidden.people["bert"]).post(f"{path}/ask", page=path)
    read_messages(app, world, hidden)
    look(app, hidden)
    name, printed = world(_printed, app)
    mine = {each.text for each in hidden.words if each.may("bert")}
    assert {each.text for each in hidden.words if each.text in printed + name} == mine
