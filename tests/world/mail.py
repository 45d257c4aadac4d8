"""People and claims for tests of messages, written straight down where a worker of its own process must find them."""

import sqlalchemy as sa

from portal.accounts.models import Claim, Organisation, Person
from portal.accounts.states import OrganisationKind
from portal.core.db import db
from tests.world.time import moment

AT = moment("2022-06-20T14:05")


def given_claim(number: int, *, language: str = "nl", address: str | None = None) -> Claim:
    """A person's claim on an organisation, committed; ``number`` tells them apart."""
    person = Person(
        email=address or f"person-{number}@example.be",
        name=f"Person {number}",
        language=language,
        nonce=f"nonce-{number}",
        registered_at=AT,
        email_confirmed_at=AT,
        roles=[],
    )
    organisation = Organisation(
        enterprise_number=f"0{number:09d}",
        name=f"Municipality {number}",
        kind=OrganisationKind.LOCAL_GOVERNMENT,
        registered_at=AT,
        confirmed_at=AT,
    )
    db.session.add_all([person, organisation])
    db.session.flush()
    claim = Claim(
        organisation_id=organisation.id,
        person_id=person.id,
        claimed_at=AT,
        evidence="The council's decision",
    )
    db.session.add(claim)
    db.session.commit()
    return claim


def given_claims(first: int, count: int) -> list[sa.Row[tuple[int, int]]]:
    """As ``given_claim`` for ``count`` people, in a few statements: the claim's id and the organisation's; committed."""
    numbers = range(first, first + count)
    always = {"registered_at": AT, "email_confirmed_at": AT, "roles": []}
    people = [{"email": f"person-{n}@example.be", "name": f"Person {n}", "nonce": f"n{n}", **always} for n in numbers]
    kind = OrganisationKind.LOCAL_GOVERNMENT
    organisations = [
        {"enterprise_number": f"0{n:09d}", "name": f"Municipality {n}", "kind": kind, "registered_at": AT}
        for n in numbers
    ]
    person_ids = db.session.scalars(sa.insert(Person).returning(Person.id, sort_by_parameter_order=True), people)
    in_order = sa.insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True)
    claims = [
        {"organisation_id": organisation, "person_id": person, "claimed_at": AT, "evidence": "The council's decision"}
        for person, organisation in zip(person_ids, db.session.scalars(in_order, organisations), strict=True)
    ]
    made = db.session.execute(sa.insert(Claim).returning(Claim.id, Claim.organisation_id), claims).all()
    db.session.commit()
    return list(made)


def text_of(message):
    """The plain half of a rendered message."""
    return message.get_body(("plain",)).get_content()
