"""Who could be asked for one application, in the words that help a case officer choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.core.clock import brussels_day
from portal.core.formats import format_day
from portal.core.web import language, translate
from portal.reviewing.expertise import LEVELS, Level, Subject
from portal.reviewing.pool import Reviewer, reviewers_of, subject_labels, subjects_of

MOST_SUBJECTS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One person of the list: the label of the choice, and what stands under it."""

    person: Person
    label: str
    hint: str
    is_ready: bool  # has room, is there on the day and signed


def choices_for(
    application: Application, people: Collection[Person], due_on: date | None, at: datetime
) -> list[Choice]:
    """Return these people in their order, but first those with room who are there on ``due_on`` and declared."""
    found = reviewers_of(people, at, round_id=application.round_id)
    about, labels = subjects_of([application.id]).get(application.id, {}), subject_labels()
    names = {each: labels[each].in_language(language()) for each in about if each in labels}
    choices = [_choice(each, names, due_on, brussels_day(at).year) for each in found]
    return sorted(choices, key=lambda each: not each.is_ready)


def _choice(reviewer: Reviewer, names: Mapping[Subject, str], due_on: date | None, year: int) -> Choice:
    is_away = due_on is not None and reviewer.is_away(due_on)
    load = _("%(load)s of %(most)s reviews in this round", load=reviewer.load, most=reviewer.maximum_load)
    hints = [
        _("takes on no more in this round") if reviewer.is_full else "",
        _("not available on %(day)s", day=format_day(due_on)) if is_away and due_on else "",
        "" if reviewer.has_declared else _("has not signed the declaration of %(year)s", year=year),
        _("experienced") if reviewer.is_experienced else "",
        _("knows %(subjects)s", subjects=", ".join(known)) if (known := _known(reviewer, names)) else "",
    ]
    hint = "; ".join(each for each in hints if each)
    return Choice(
        reviewer.person,
        f"{reviewer.person.name} ({load})",
        hint[:1].upper() + hint[1:],
        is_ready=not reviewer.is_full and not is_away and reviewer.has_declared,
    )


def _known(reviewer: Reviewer, names: Mapping[Subject, str]) -> list[str]:
    """Return what the reviewer knows of what the application is about, best first."""
    order = list(Level)
    known = sorted(
        (each for each in names if each in reviewer.expertise), key=lambda each: order.index(reviewer.expertise[each])
    )
    return [f"{names[each]} ({translate(LEVELS[reviewer.expertise[each]]).lower()})" for each in known[:MOST_SUBJECTS]]
