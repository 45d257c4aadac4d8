"""Reading cases of conflict for their pages: one to judge, and a round's as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import get_person, list_people_with_role
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.states import State
from portal.calls.models import Round
from portal.core.actor import Role
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.paging import Page, decode_cursor, encode_cursor
from portal.partnerships.models import Partnership
from portal.reviewing.conflicts import KINDS, Case, cases_in_round, find_cases, in_state_of
from portal.reviewing.dossier import list_own_applications
from portal.reviewing.models import Conflict
from portal.reviewing.rules import is_independent
from portal.reviewing.states import ConflictState

_REVIEWED = (State.SUBMITTED, State.RETURNED, State.ADMISSIBLE)


@dataclass(frozen=True, slots=True)
class Known:
    """One case with what its page says of it: the application (with round and partners), the person, what was decided."""

    application: Application
    person: Person
    case: Case
    decided: Conflict | None


def get_case(ref: str, person_id: int, kind: str, *, lock: bool = False) -> Known:
    """Return the case of this kind between application and person; NotFound where nothing points to one."""
    application = get_application(ref, lock=lock)
    person = get_person(person_id)
    found = [each for each in find_cases(application, [person.id]) if str(each.kind) == kind]
    if not found:
        raise NotFound
    return Known(application, person, found[0], _decided(found).get(found[0].conflict_id or 0))


def page_cases(
    round_: Round, state: ConflictState, cursor: str | None, *, hidden: set[int], size: int = 25
) -> Page[Known]:
    """Return a round's cases in ``state``, by application, person and kind, of all independent reviewers.

    Those of the applications whose ids are ``hidden`` are left out. Five statements, however many cases there are.
    """
    people = {each.id: each for each in list_people_with_role(Role.REVIEWER) if is_independent(each.roles)}
    applications = {key: each for key, each in _applications(round_.id).items() if key not in hidden}
    found: dict[tuple[str, str, str, str], Case] = {}
    for case in in_state_of(cases_in_round(round_.id, people), state):
        if case.application_id in applications:
            reference, person = applications[case.application_id].reference, people[case.person_id]
            found[reference, person.name, str(person.id), f"{KINDS.index(case.kind):02d}"] = case
    after = decode_cursor(cursor, 4)
    keys = sorted(key for key in found if after is None or key > tuple(after))
    shown = keys[:size]
    decided = _decided([found[key] for key in shown])
    rows = [
        Known(applications[case.application_id], people[case.person_id], case, decided.get(case.conflict_id or 0))
        for case in (found[key] for key in shown)
    ]
    return Page(rows, encode_cursor(shown[-1]) if len(keys) > size else None)


def count_to_judge(organisation_ids: Iterable[int]) -> list[tuple[Round, int]]:
    """Return each round with conflicts that wait for a case officer's judgement, and their number; by decision date.

    Of rounds that are closed and whose results are not out. Those of applications in which one of the organisations
    takes part are not counted. Three statements a round.
    """
    mine, found = list(organisation_ids), []
    people = [each.id for each in list_people_with_role(Role.REVIEWER) if is_independent(each.roles)]
    reviewed = sa.exists().where(Application.round_id == Round.id, Application.state == State.ADMISSIBLE)
    stmt = sa.select(Round).where(reviewed, Round.results_published_at.is_(None))
    for round_ in db.session.scalars(stmt.order_by(Round.decision_due_on, Round.code)).all():
        hidden = list_own_applications(round_.id, mine)
        open_ones = in_state_of(cases_in_round(round_.id, people), ConflictState.CANDIDATE)
        known = _applications(round_.id)
        number = sum(each.application_id in known and each.application_id not in hidden for each in open_ones)
        if number:
            found.append((round_, number))
    return found


def _applications(round_id: int) -> dict[int, Application]:
    stmt = sa.select(Application).where(Application.round_id == round_id, Application.state.in_(_REVIEWED))
    partners = joinedload(Application.partnership).selectinload(Partnership.partners)  # for the policies of the rows
    return {each.id: each for each in db.session.scalars(stmt.options(partners))}


def _decided(cases: Sequence[Case]) -> dict[int, Conflict]:
    numbers = [each.conflict_id for each in cases if each.conflict_id is not None]
    if not numbers:
        return {}
    stmt = sa.select(Conflict).where(Conflict.id.in_(numbers)).options(joinedload(Conflict.decided_by))
    return {each.id: each for each in db.session.scalars(stmt)}
