"""One SELECT for each kind of conflict of interest: (application, person, kind) with its evidence, for many at once.

Every SELECT gives the same columns: application, person, kind, organisation and its name, when the tie ended (None: it
lasts), explanation, and of what was decided the row, its state and the digest of the evidence.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.states import OrganisationKind
from portal.applications.models import Application, Snapshot
from portal.applications.states import State
from portal.calls.models import Round
from portal.calls.states import RoundState
from portal.core.plain_words import plain_words
from portal.partnerships.models import Partner, ServiceArea
from portal.reviewing.free_mail import FREE_MAIL
from portal.reviewing.models import Advice, Conflict
from portal.reviewing.states import ConflictKind, ConflictState

NOT_HANDED_IN = (State.DRAFT, State.WITHDRAWN)
PERSONS: sa.BindParameter[list[int]] = sa.bindparam("person_ids", expanding=True)
ASKED: sa.BindParameter[int] = sa.bindparam("asked")
Column = sa.SQLColumnExpression[int]
Select = sa.Select[*tuple[Any, ...]]
_NOTHING = sa.cast(sa.null(), sa.BigInteger)
_NO_WORDS = sa.literal("")
_UNDECIDED = (_NOTHING, _NO_WORDS, _NO_WORDS)
_NO_TEXT = sa.cast(sa.null(), sa.Text)
_NEVER = sa.cast(sa.null(), sa.DateTime(timezone=True))


@cache
def blocks(column: Column) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Compose once what blocks: it is asked whenever a review is opened or saved, and is longer than most."""
    found = (members(), families(), in_same_round(), named(), decided(only_blocking=True))
    return sa.union_all(*(each.where(column == ASKED) for each in found))


@cache
def everything(column: Column) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Compose once all kinds, with all that was decided."""
    blocking = (members(), families(), in_same_round(), named())
    asking = (local_governments(), mail_domains(), contacts(), advised(), namesakes(), decided(only_blocking=False))
    return sa.union_all(*(each.where(column == ASKED) for each in blocking + asking))


def _columns(kind: ConflictKind, person_id: Any, explanation: Any = _NO_WORDS, ended_at: Any = _NEVER) -> list[Any]:
    return [
        Application.id,
        person_id,
        sa.literal(str(kind)),
        Organisation.id,
        Organisation.name,
        ended_at,
        explanation,
        *_UNDECIDED,
    ]


def _key(column: Any) -> Any:
    """Return the words of a name, as ``core.plain_words`` makes them."""
    return sa.literal_column(plain_words(column))


def _partner_ids() -> Any:
    """The organisations that are or ever were partners of the application's partnership."""
    return (
        sa.select(Partner.organisation_id)
        .where(Partner.partnership_id == Application.partnership_id)
        .correlate(Application)
    )


def _is_partner(organisation_id: Any) -> sa.ColumnElement[bool]:
    return sa.or_(organisation_id == Application.promotor_id, organisation_id.in_(_partner_ids()))


def _since_round_before() -> sa.ColumnElement[bool]:
    """A membership that lasts, or ended after the call's round before this one opened (else this one's own opening)."""
    this, before = aliased(Round), aliased(Round)
    is_before = sa.and_(
        before.call_id == this.call_id, before.opens_at < this.opens_at, before.state == RoundState.ANNOUNCED
    )
    since = (
        sa.select(sa.func.coalesce(sa.func.max(before.opens_at), this.opens_at))
        .select_from(this)
        .outerjoin(before, is_before)
        .where(this.id == Application.round_id)
        .group_by(this.id)
        .correlate(Application)
        .scalar_subquery()
    )
    return sa.or_(Membership.ended_at.is_(None), Membership.ended_at >= since)


def _membership(kind: ConflictKind, meets: sa.ColumnElement[bool], explanation: Any = _NO_WORDS) -> Select:
    """Select a membership of the persons that ``meets`` an application as evidence of ``kind``."""
    return (
        sa.select(*_columns(kind, Membership.person_id, explanation, Membership.ended_at))
        .select_from(Application)
        .join(Membership, sa.true())
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(PERSONS), meets)
    )


def members() -> Select:
    """In a partner of any time, now or since the round before."""
    return _membership(ConflictKind.MEMBER, _is_partner(Membership.organisation_id)).where(_since_round_before())


def families() -> Select:
    """In the parent of a partner, in an organisation under it, or in one under the same parent."""
    partner = aliased(Organisation)
    related = sa.or_(
        Organisation.parent_number == partner.enterprise_number,
        Organisation.enterprise_number == partner.parent_number,
        Organisation.parent_number == partner.parent_number,
    )
    stmt = _membership(ConflictKind.PARENT, _since_round_before(), partner.name)
    return stmt.join(partner, sa.and_(_is_partner(partner.id), partner.id != Organisation.id, related))


def in_same_round() -> Select:
    """A present member of an organisation that takes part in another application handed in for the same round."""
    other = aliased(Application)
    takes_part = (
        sa.select(other.id)
        .join(Partner, Partner.partnership_id == other.partnership_id)
        .join(Round, Round.id == other.round_id)
        .where(
            Partner.organisation_id == Membership.organisation_id,
            sa.or_(Partner.ended_on.is_(None), Partner.ended_on >= sa.cast(Round.opens_at, sa.Date)),
            other.round_id == Application.round_id,
            other.id != Application.id,
            other.state.not_in(NOT_HANDED_IN),
        )
        .correlate(Membership, Application)
    )
    return _membership(ConflictKind.SAME_ROUND, sa.and_(Membership.ended_at.is_(None), takes_part.exists()))


def named() -> Select:
    """Name (given name first or last) or address in any version that was handed in. The index finds all the words, the
    text then their order; a name of one word would be found everywhere.
    """
    name, address, text = _key("person.name"), _key("person.email"), _key("snapshot.content")
    turned = sa.func.regexp_replace(name, r"^ (\S+)( .+) $", r"\2 \1 ")
    words = sa.or_(
        sa.and_(
            sa.func.btrim(name).contains(" "),
            Snapshot.words.op("@@")(sa.func.plainto_tsquery("simple", name)),
            sa.or_(sa.func.strpos(text, name) > 0, sa.func.strpos(text, turned) > 0),
        ),
        sa.and_(
            Snapshot.words.op("@@")(sa.func.plainto_tsquery("simple", address)),
            sa.func.strpos(text, address) > 0,
        ),
    )
    return (
        _of_application(ConflictKind.NAMED, Person.id)
        .join(Snapshot, Snapshot.application_id == Application.id)
        .where(words)
    )


def _of_application(kind: ConflictKind, person_id: Any, explanation: Any = _NO_WORDS) -> Select:
    """Select the persons with an application that says so itself: no organisation is the evidence."""
    return (
        sa.select(
            Application.id,
            person_id,
            sa.literal(str(kind)),
            _NOTHING,
            _NO_TEXT,
            _NEVER,
            explanation,
            *_UNDECIDED,
        )
        .select_from(Application)
        .join(Person, Person.id.in_(PERSONS))
    )


def local_governments() -> Select:
    """In a local government that is no partner, with its seat in a municipality of the service area: the partnership's
    now, or one that stands as a code in what was handed in.
    """
    area = sa.select(ServiceArea.nis).where(ServiceArea.partnership_id == Application.partnership_id)
    handed_in = sa.select(Snapshot.id).where(
        Snapshot.application_id == Application.id,
        Snapshot.words.op("@@")(sa.func.plainto_tsquery("simple", Organisation.seat_nis)),
        sa.func.strpos(Snapshot.content, sa.func.concat('"', Organisation.seat_nis, '"')) > 0,
    )
    works_there = sa.and_(
        Membership.ended_at.is_(None),
        Organisation.kind == OrganisationKind.LOCAL_GOVERNMENT,
        sa.or_(
            Organisation.seat_nis.in_(area.correlate(Application)),
            handed_in.correlate(Application, Organisation).exists(),
        ),
        sa.not_(_is_partner(Membership.organisation_id)),
    )
    return _membership(ConflictKind.LOCAL_GOVERNMENT, works_there)


def _domain(person: Any) -> Any:
    return sa.func.split_part(person.email, "@", 2)


def _beside_members(kind: ConflictKind, explanation: Any, other: Any) -> Select:
    """Select the persons beside everybody else (``other``) who is in a partner now."""
    return (
        sa.select(*_columns(kind, Person.id, explanation))
        .select_from(Application)
        .join(Organisation, _is_partner(Organisation.id))
        .join(Membership, sa.and_(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None)))
        .join(other, other.id == Membership.person_id)
        .join(Person, sa.and_(Person.id.in_(PERSONS), Person.id != other.id))
    )


def mail_domains() -> Select:
    """The domain of the address is that of a partner's member, and nobody can get it for free."""
    other = aliased(Person)
    stmt = _beside_members(ConflictKind.MAIL_DOMAIN, _domain(Person), other)
    return stmt.where(_domain(Person) == _domain(other), _domain(Person).not_in(sorted(FREE_MAIL)))


def contacts() -> Select:
    """The same domain in an address that was handed in, such as that of the contact person."""
    domain = _domain(Person)
    has_words = Snapshot.words.op("@@")(sa.func.plainto_tsquery("simple", sa.func.replace(domain, ".", " ")))
    stands = sa.func.strpos(sa.func.lower(Snapshot.content), sa.func.concat("@", domain, '"')) > 0
    stmt = _of_application(ConflictKind.MAIL_DOMAIN, Person.id, domain)
    return stmt.join(Snapshot, Snapshot.application_id == Application.id).where(
        domain.not_in(sorted(FREE_MAIL)), has_words, stands
    )


def advised() -> Select:
    """Somebody recorded that the person advised the partnership."""
    stmt = _of_application(ConflictKind.ADVISED, Advice.person_id, Advice.explanation)
    is_theirs = sa.and_(Advice.partnership_id == Application.partnership_id, Advice.person_id == Person.id)
    return stmt.join(Advice, is_theirs)


def namesakes() -> Select:
    """The family name of a partner's member (all words but the first), and a home where that one or the partner is."""
    other = aliased(Person, name="other_person")
    first = r"^ \S+ "
    family = sa.func.regexp_replace(_key("person.name"), first, " ")
    their_family = sa.func.regexp_replace(_key("other_person.name"), first, " ")
    stmt = _beside_members(ConflictKind.NAMESAKE, other.name, other)
    return stmt.where(
        family == their_family,
        sa.func.btrim(family) != "",
        Person.home_nis.in_([Organisation.seat_nis, other.home_nis]),
    )


def decided(*, only_blocking: bool) -> Select:
    """What was declared, found at a review, or decided."""
    stmt = (
        sa.select(
            Conflict.application_id,
            Conflict.person_id,
            sa.cast(Conflict.kind, sa.Text),
            Conflict.organisation_id,
            Organisation.name,
            _NEVER,
            Conflict.explanation,
            Conflict.id,
            sa.cast(Conflict.state, sa.Text),
            Conflict.evidence_sha256,
        )
        .select_from(Conflict)
        .join(Application, Application.id == Conflict.application_id)
        .outerjoin(Organisation, Organisation.id == Conflict.organisation_id)
        .where(Conflict.person_id.in_(PERSONS))
    )
    return stmt.where(Conflict.state.in_([ConflictState.CONFIRMED, ConflictState.WAIVED])) if only_blocking else stmt
