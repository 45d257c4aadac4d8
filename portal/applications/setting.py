"""What an application's form must know to ask its questions: its municipalities, partners, cost categories and years."""

from __future__ import annotations

from portal.applications.dossier import Dossier
from portal.applications.models import Application
from portal.calls.answers import municipalities_in
from portal.calls.form_definitions import Question, QuestionKind, Section
from portal.calls.questions.setting import Setting, Town
from portal.core.clock import brussels_day
from portal.places.models import Municipality
from portal.places.queries import list_municipalities, list_municipalities_by_nis


def setting_of(application: Application, dossier: Dossier, section: Section) -> Setting:
    """Return what the section's questions choose from (one statement, two at most, where it asks municipalities)."""
    return Setting(
        towns=tuple(_towns(application, dossier, section)) if _asks_municipalities(section) else (),
        partners={
            str(each.organisation_id): each.organisation.name
            for each in application.parts
            if each.organisation_id in {partner.organisation_id for partner in application.partnership.partners}
        },
        categories={each.code: each.label for each in dossier.terms.cost_categories},
        years=_years(application, dossier, section),
    )


def _asks_municipalities(section: Section) -> bool:
    asked: list[Question] = [*section.questions, *(column for each in section.questions for column in each.columns)]
    return any(each.kind is QuestionKind.MUNICIPALITIES for each in asked)


def _towns(application: Application, dossier: Dossier, section: Section) -> list[Town]:
    """Return those that existed when the round opened, and any other that an answer already names."""
    opened_on = brussels_day(application.round.opens_at)
    found = [_town(each) for each in list_municipalities(on=opened_on)]
    missing = municipalities_in(section.questions, dossier.answers or {}) - {each.nis for each in found}
    return found + [_town(each) for each in list_municipalities_by_nis(missing)] if missing else found


def _town(municipality: Municipality) -> Town:
    return Town(municipality.nis, municipality.name, municipality.province_code)


def _years(application: Application, dossier: Dossier, section: Section) -> tuple[int, ...]:
    """Return the years in which a project of the round can run, and those that an answer already names."""
    years = set(range(application.round.projects_start_on.year, dossier.latest_end_on.year + 1))
    for question in section.questions:
        answer = dossier.answer(question.key)
        if question.kind is QuestionKind.TARGETS_PER_YEAR and isinstance(answer, dict):
            years |= {int(year) for year in answer if str(year).isdigit()}
    return tuple(sorted(years))
