"""People and organisations of a test, made by the portal's own commands, and committed."""

from itertools import count

from portal.accounts.commands.organisations import claim_organisation, confirm_claim, grant_right
from portal.accounts.commands.people import create_person
from portal.accounts.passwords import Passwords
from portal.accounts.queries import actor_of, get_claim
from portal.accounts.states import OrganisationKind
from portal.core.actor import Right, Role, system_actor
from portal.core.context import Ctx
from portal.core.db import db
from tests.world.time import moment

NOW = "2022-06-20T14:05"
PASSWORD = "drie blauwe lampen"  # of every person in the tests
PASSWORDS = Passwords(1, 64)
HASHED = PASSWORDS.hash(PASSWORD)  # once: it starts threads, and a test has many people
_numbers = count(1)


def enterprise_number(serial: int) -> str:
    """A number that passes the check, in the stretch that was never assigned: 1999.0xx.x.."""
    eight = 19_990_100 + serial
    return f"{eight:08d}{97 - eight % 97:02d}"


def ctx_for(person=None, at=NOW):
    """The context of a request by ``person`` (or of the console), arrived at ``at``."""
    return Ctx(moment(at), actor_of(person) if person else system_actor("test"))


def given_person(name="Lotte Verhaegen", *, roles=(), language="nl", email=None, at=NOW):
    serial = next(_numbers)
    # A reviewer who shares a domain with a partner's member is looked at before being invited.
    home = f"beoordelaar{serial}" if Role.REVIEWER in roles else "noordheide"
    person = create_person(
        ctx_for(at=at),
        email=email or f"{name.split()[0].lower()}.{serial}@{home}.example",
        name=name,
        language=language,
        password_hash=HASHED,
        roles=tuple(roles),
        is_confirmed=True,
    )
    db.session.commit()
    return person


def given_claim(lead=None, *, name="Streekvereniging Noordheide", kind=OrganisationKind.OTHER_GOVERNMENT, at=NOW):
    """An organisation as somebody just claimed it: the right to sign is not confirmed yet."""
    lead = lead or given_person("Eva Claes", at=at)
    claim = claim_organisation(
        ctx_for(lead, at),
        person=lead,
        enterprise_number=enterprise_number(next(_numbers)),
        name=name,
        kind=kind,
        evidence="Algemeen directeur, aangesteld op 3 januari 2022.",
    )
    db.session.commit()
    return get_claim(claim.id)


def given_organisation(
    lead=None,
    *,
    staff=(),
    readers=(),
    name="Streekvereniging Noordheide",
    kind=OrganisationKind.OTHER_GOVERNMENT,
    at=NOW,
):
    """An organisation whose lead's right was confirmed by a case officer."""
    claim = given_claim(lead, name=name, kind=kind, at=at)
    organisation = claim.organisation  # held: after the commit the claim may not load it again
    confirm_claim(ctx_for(at=at), claim, "Aanstelling nagekeken.")
    for person, right in [*((each, Right.STAFF) for each in staff), *((each, Right.READER) for each in readers)]:
        grant_right(ctx_for(at=at), organisation, person, right)
    db.session.commit()
    return organisation
