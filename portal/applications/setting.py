"""What an application's form must know to ask its questions: its municipalities, partners, cost categories and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.applications.models import Application
from portal.calls.answers import municipalities_in
from portal.calls.form_definitions import Question, QuestionKind, Section
from portal.calls.queries import terms_of
from portal.calls.questions.setting import Setting, Town
from portal.calls.rules import latest_end
from portal.core.clock import brussels_day
from portal.places.models import Municipality
from portal.places.queries import list_municipalities_by_nis, list_municipalities_with_codes


def setting_of(application: Application, section: Section, answers: Mapping[str, Any]) -> Setting:
    """Return what the section's questions choose from (one statement, two at most, where it asks municipalities)."""
    return Setting(
        towns=tuple(_towns(application, section, answers)) if _asks_municipalities(section) else (),
        partners={
            str(each.organisation_id): each.organisation.name
            for each in application.parts
            if each.organisation_id in {partner.organisation_id for partner in application.partnership.partners}
        },
        categories={each.code: each.label for each in terms_of(application.round).cost_categories},
        years=_years(application, section, answers),
    )


def _asks_municipalities(section: Section) -> bool:
    asked: list[Question] = [*section.questions, *(column for each in section.questions for column in each.columns)]
    return any(each.kind is QuestionKind.MUNICIPALITIES for each in asked)


def _towns(application: Application, section: Section, answers: Mapping[str, Any]) -> list[Town]:
    """Return those that existed when the round opened, and any other that an answer already names."""
    opened_on = brussels_day(application.round.opens_at)
    found = [_town(each, codes) for each, codes in list_municipalities_with_codes(on=opened_on)]
    missing = municipalities_in(section.questions, answers) - {each.nis for each in found}
    return found + [_town(each) for each in list_municipalities_by_nis(missing)] if missing else found


def _town(municipality: Municipality, codes: Sequence[str] = ()) -> Town:
    return Town(municipality.nis, municipality.name, municipality.province_code, tuple(codes))


def _years(application: Application, section: Section, answers: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the years in which a project of the round can run, and those that an answer already names."""
    round_ = application.round
    last = latest_end(round_, terms_of(round_), round_.call.programme)
    years = set(range(round_.projects_start_on.year, last.year + 1))
    for question in section.questions:
        answer = answers.get(question.key)
        if question.kind is QuestionKind.TARGETS_PER_YEAR and isinstance(answer, dict):
            years |= {int(year) for year in answer if str(year).isdigit()}
    return tuple(sorted(years))
