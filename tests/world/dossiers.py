"""Dossiers as the rules see them: plain values, without a database."""

from datetime import date
from decimal import Decimal

from portal.applications.admissibility import Asked
from portal.applications.dossier import Dossier, Line, Part
from portal.applications.states import VatStatus
from portal.calls.catalogue import load_programmes
from portal.core.actor import Actor, Mandate, Right
from tests.world.time import moment

PROMOTOR, PARTNER = 1, 2
CLOSES = moment("2022-07-29T12:00")
CALLS = {
    each.definition.code: each
    for programme in load_programmes()
    for each in programme.calls
    if programme.definition.code == "digibanken"
}
EXECUTION = CALLS["execution"]
EXPLANATION = "Twee digihelpers, samen 1,2 voltijds."


def lead(*, right=Right.LEAD, is_frozen=False, organisation=PROMOTOR):
    return Actor(person_id=7, mandates=(Mandate(organisation, right, is_frozen=is_frozen),))


def asked(at=CLOSES, actor=None, accepted=frozenset()):
    return Asked(at, actor or lead(), accepted)


def part(organisation_id=PROMOTOR, **facts):
    known = {
        "name": "Noordheide",
        "enterprise_number": "1999000150",
        "kind": "local_government",
        "role": "promotor",
        "task": "Leidt het project.",
        "receives_funds": True,
        "vat_status": VatStatus.LIABLE,
        "earlier_aid_amount": Decimal("0.00"),
    }
    return Part(organisation_id, **{**known, **facts})


def line(amount="100000.00", organisation_id=PROMOTOR, explanation=EXPLANATION):
    return Line(organisation_id, "staff", 2023, Decimal(1), Decimal(amount), explanation)


def dossier(call=EXECUTION, **facts):
    known = {
        "terms": call.definition,
        "form": call.form,
        "closes_at": CLOSES,
        "decided_on": date(2022, 10, 21),
        "earliest_start_on": date(2022, 10, 22),
        "latest_end_on": date(2024, 12, 31),
        "minimum_months": call.definition.minimum_months,
        "promotor_id": PROMOTOR,
        "parts": (part(),),
        "lines": (line(),),
        "answers": {},
    }
    return Dossier(**{**known, **facts})
