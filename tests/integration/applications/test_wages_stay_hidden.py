"""A bait: unique wages and explanations of one partner, and everything another partner can open, download or print.

The routes come from the application itself, so that a page that is made later is looked at too.
"""

import io
import itertools
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.routing import BuildError

from portal.accounts.queries import actor_of, find_person_by_email, list_leads
from portal.applications.budget_view import viewer_of
from portal.applications.commands.budget import Cost, add_line, save_line
from portal.applications.commands.submit import submit_application
from portal.applications.commands.withdraw import reopen_application
from portal.applications.models import Paper
from portal.applications.printing import as_html
from portal.applications.queries import get_application
from portal.calls.form_definitions import QuestionKind
from portal.calls.queries import form_of
from portal.core.db import db
from tests.world.accounts import ctx_for
from tests.world.applications_models import ACCEPTED
from tests.world.drafting import FAR
from tests.world.papers import SUBMITTED, WAGES, given_draft_of_three
from tests.world.partners import sign_off_all

REASON = "Lokaasloon van de teamcoach in schaal B9."
YEARLY = Decimal("27182.81")  # alone in its year, so that a sum per year would give it away
SEPARATORS = re.compile(r"(?<=\d)[.,\s\u00a0\u202f](?=\d)")
MOST = 40  # addresses of one route
ELSEWHERE = ("/demo", "/static", "/language", "/sign-out", "/readyz")


@dataclass
class Bait:
    """The application, where each other organisation has wages that the partner may not read; and who reads."""

    reference: str
    partner: str
    lead: str
    partnership_id: int
    values: dict[str, list[object]]

    @property
    def words(self):
        amounts = [WAGES["other"][0], str(YEARLY)]
        return [REASON, *(each.replace(".", "") for each in amounts)]


def given_bait():
    application, owners = given_draft_of_three(closes_at=FAR)
    lead = list_leads([application.promotor_id])[0]
    for each in application.lines:
        if each.organisation_id == owners["other"]:
            each.explanation = REASON
    add_line(ctx_for(lead), application, Cost(owners["other"], "staff", 2024, Decimal(1), YEARLY, REASON))
    for part in application.parts:
        part.declarations = dict.fromkeys(ACCEPTED, "2022-06-20T14:05")
    sign_off_all(application)
    submit_application(ctx_for(lead, SUBMITTED), application, accepted=ACCEPTED)
    db.session.commit()
    application = get_application(application.reference)
    kinds = [each.key for each in form_of(application.round).questions if each.kind is QuestionKind.ATTACHMENT]
    baited = [each for each in application.lines if each.organisation_id == owners["other"]]
    ids = {each.id for each in (*baited, *application.lines[:1], *application.attachments[:2], *application.sign_offs)}
    return Bait(
        application.reference,
        list_leads([owners["partner"]])[0].email,
        lead.email,
        application.partnership_id,
        {
            "ref": [application.reference],
            "organisation_id": list(owners.values()),
            "code": [*(each.code for each in application.sections), application.round.code],
            "kind": kinds,
            "number": sorted(ids | {1, 2, 3}),
        },
    )


def reopen_and_change(reference):
    """A draft again, in which the partner's wage was changed and its sign-off fell away."""
    application = get_application(reference, lock=True)
    lead = list_leads([application.promotor_id])[0]
    reopen_application(ctx_for(lead, SUBMITTED), application)
    line = next(each for each in application.lines if each.explanation == REASON and each.year == 2024)
    cost = Cost(line.organisation_id, "staff", 2024, Decimal(1), YEARLY, f"{REASON} Nu voltijds.")
    save_line(ctx_for(lead, SUBMITTED), application, line.id, cost, line.version)


def paths(app, bait):
    """Every address that can be asked for: all rules without an argument, and those about this application."""
    routes, found = app.url_map.bind("localhost"), set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.rule.startswith(ELSEWHERE):
            continue
        unknown = rule.arguments - bait.values.keys()
        assert not (unknown and rule.rule.startswith("/applications/")), f"give {unknown} of {rule.rule} a value"
        if unknown or (rule.arguments and not rule.rule.startswith(("/applications/", "/partnerships/", "/rounds/"))):
            continue
        names = sorted(rule.arguments)
        values = bait.values if "ref" in names else {**bait.values, "number": [bait.partnership_id]}
        for chosen in combinations([values[name] for name in names]):
            try:
                found.add(routes.build(rule.endpoint, dict(zip(names, chosen, strict=True))))
            except (BuildError, ValueError, TypeError):
                continue  # a code where the rule asks a number
    budgets = (f"/applications/{bait.reference}/budget?partner={each}" for each in bait.values["organisation_id"])
    return sorted(found | set(budgets))


def combinations(columns):
    """Every combination where they are few; of many, as many as there are values, each value at least once."""
    every = list(itertools.product(*columns))
    longest = max((len(each) for each in columns), default=0)
    return every if len(every) <= MOST else [[each[row % len(each)] for each in columns] for row in range(longest)]


def said(answer):
    """What an answer says, of whatever kind, with its figures bare."""
    content = answer.data
    if content[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(content))
        content = b" ".join(packed.read(each) for each in packed.namelist())
    return SEPARATORS.sub("", content.decode(errors="replace"))


def read_all(app, visitor, bait):
    """Return the address of each answer in which a bait shows, and how many pages could be read."""
    shown, read = {}, 0
    for path in paths(app, bait):
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        read += answer.status_code == 200
        found = [each for each in bait.words if each in said(answer)]
        if found:
            shown[path] = found
    return shown, read


def ask_papers(visitor, bait):
    """Ask for each PDF that somebody who takes part can ask for."""
    page = f"/applications/{bait.reference}/papers"
    for what in ("draft", "versions/1/application", "versions/1/receipt"):
        assert visitor.post(f"/applications/{bait.reference}/{what}", page=page).status_code == 302


def printed(app, bait, email):
    """Return what stands in each PDF that this person may open."""
    viewer = viewer_of(actor_of(find_person_by_email(email)), get_application(bait.reference))
    whole = joinedload(Paper.application), joinedload(Paper.snapshot), joinedload(Paper.form_version)
    papers = db.session.scalars(sa.select(Paper).options(*whole).execution_options(populate_existing=True)).all()
    return [SEPARATORS.sub("", as_html(app, each)) for each in papers if viewer.may_open(each.viewer)]


@pytest.mark.timeout(400)
def test_another_partner_meets_a_wage_nowhere_and_the_lead_partner_everywhere(app, world, visitor):
    bait = world(given_bait)
    for state in ("submitted", "draft"):
        visitor.sign_in(bait.partner)
        ask_papers(visitor, bait)
        leaks, read = read_all(app, visitor, bait)
        assert leaks == {}, f"{state}: another partner reads a wage"
        assert read > 40, "the pages were there to be read"
        texts = world(printed, app, bait, bait.partner)
        assert len(texts) >= 3
        assert not [each for each in bait.words for text in texts if each in text]
        visitor.sign_in(bait.lead)
        ask_papers(visitor, bait)
        for page in ("draft.docx", "budget/export", "versions/1.json"):
            shown = said(visitor.get(f"/applications/{bait.reference}/{page}"))
            assert all(each in shown for each in bait.words), "the bait is where one may read it"
        assert any(all(each in text for each in bait.words) for text in world(printed, app, bait, bait.lead))
        if state == "submitted":
            world(reopen_and_change, bait.reference)
