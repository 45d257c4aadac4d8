"""A section of an application as a page: its questions as a form, the sections beside it, and what is shown of others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, request, url_for

from portal.applications.admissibility import Asked
from portal.applications.answers_shown import Beside, ShownSection, Value, shown_section
from portal.applications.closing import closes_at_for
from portal.applications.counted import Counted, counted_of
from portal.applications.dossier import Dossier
from portal.applications.dossiers import dossier_of, open_request
from portal.applications.merging import is_same
from portal.applications.models import Application, UnsentText
from portal.applications.models import Section as Row
from portal.applications.queries import answers_of
from portal.applications.reading import beside_of
from portal.applications.setting import setting_of
from portal.applications.tasks import NOT_THERE_YET, Task, tasks_of
from portal.applications.views.beside_question import JudgedBefore, Origin, judged_before, origins_of
from portal.applications.views.inside import touches_of
from portal.applications.views.present import presence, presence_words, room_of
from portal.calls.calculations import sum_of
from portal.calls.form_definitions import Clause, FormDefinition, Section, shown_questions
from portal.calls.queries import form_of, terms_of
from portal.calls.questions.municipalities import MunicipalitiesField
from portal.calls.questions.section_form import SectionForm, section_form
from portal.calls.questions.setting import Setting
from portal.core.clock import brussels_day
from portal.core.errors import NotFound, Problem
from portal.core.seals import seal_of
from portal.core.web import ctx, current_actor, render
from portal.places.queries import search_municipalities


@dataclass(frozen=True)
class SectionPage:
    """One section opened: its definition, its row with version and answers, and the application around it."""

    application: Application
    section: Section
    row: Row

    @classmethod
    def of(cls, application: Application, code: str) -> SectionPage:
        """Open the section `code`; NotFound where the form has none."""
        row = next((each for each in application.sections if each.code == code), None)
        section = next((each for each in form_of(application.round).sections if each.code == code), None)
        if row is None or section is None:
            raise NotFound
        return cls(application, section, row)

    @cached_property
    def dossier(self) -> Dossier:
        """Return what the rules read; a section that is saved needs none of it."""
        return dossier_of(self.application, self.counted)

    @cached_property
    def counted(self) -> Counted:
        return counted_of(self.application)

    @property
    def whole(self) -> FormDefinition:
        return form_of(self.application.round)

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers of every section, by question key."""
        return answers_of(self.application)

    @property
    def ref(self) -> str:
        return self.application.reference

    @property
    def url(self) -> str:
        return url_for("applications.section", ref=self.ref, code=self.section.code)

    @property
    def seal(self) -> str:
        return seal_of(current_actor().person_id, self.ref, self.section.code)

    @property
    def place(self) -> int:
        """Return which section of the form this is, counted from 0."""
        return self.whole.sections.index(self.section)

    @property
    def next_code(self) -> str | None:
        """Return the code of the section after this one; None after the last."""
        rest = self.whole.sections[self.place + 1 :]
        return rest[0].code if rest else None

    @cached_property
    def tasks(self) -> list[Task]:
        asked = ctx()
        return tasks_of(self.dossier, touches_of(self.application), Asked(asked.now, asked.actor))

    @property
    def unmet(self) -> dict[str, list[Problem]]:
        """Return what goes against a rule in this section as it stands, by question key; not what is only missing yet."""
        found: dict[str, list[Problem]] = {}
        for each in self.tasks[self.place].problems:
            if each.field and each.code not in NOT_THERE_YET:
                found.setdefault(each.field, []).append(each)
        return found

    @property
    def items(self) -> list[dict[str, Any]]:
        """Return the sections as the navigation beside the page shows them."""
        return [
            {
                "number": each.code,
                "name": each.title,
                "url": url_for("applications.section", ref=self.ref, code=each.code),
                "tone": str(each.tone),
                "state": each.words,
                "is_current": each.code == self.section.code,
            }
            for each in self.tasks
        ]

    @cached_property
    def setting(self) -> Setting:
        return setting_of(self.application, self.section, self.answers)

    @cached_property
    def beside(self) -> Beside:
        return beside_of(self.application, self.dossier, municipalities=self.setting.town_names)

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Return where this section's answers were taken from, by question key."""
        return origins_of(self.section, self.row.carried, self.row.answers, self.beside)

    @cached_property
    def judged_before(self) -> JudgedBefore | None:
        return judged_before(self.counted, terms_of(self.application.round))

    def form(self) -> SectionForm:
        """Return the section's form, filled with what is stored or with what was posted."""
        form = section_form(self.section, self.setting, self.row.answers, version=self.row.version)
        form.read_bases(request.form)
        return form

    def search(self, field: MunicipalitiesField, words: str) -> None:
        """Put in the question which municipalities have the name or postal code, as they stood when the round opened."""
        opened_on = brussels_day(self.application.round.opens_at)
        field.sought = words.strip()
        field.found = [each.nis for each in search_municipalities(words, on=opened_on, limit=len(self.setting.towns))]

    def asked(self, answers: Mapping[str, Any] | None = None) -> set[str]:
        """Return the keys of this section's questions that are asked, given `answers` over those that are stored."""
        known = {**self.answers, **(answers or {})}
        mine = {each.key for each in self.section.questions}
        return {each.key for each in shown_questions(self.whole, known)} & mine

    @cached_property
    def values(self) -> dict[str, Value]:
        """Return what is shown, not asked, in this section: partners, documents, budget; by question key."""
        return {each.key: each.value for each in self.read().answers}

    def conditions(self) -> dict[str, str]:
        """Return for each conditional question when it is shown, as JSON: clauses on this page, or what holds already."""
        mine = {each.key for each in self.section.questions}
        answers = self.answers

        def said(clause: Clause) -> list[Any] | bool:
            if clause.question in mine:
                return [clause.question, clause.operator, clause.value]
            return clause.holds(answers)

        return {
            each.key: json.dumps(
                {"all": [said(one) for one in each.show_if.all], "any": [said(one) for one in each.show_if.any]}
            )
            for each in self.section.questions
            if each.show_if is not None
        }

    def recipes(self) -> dict[str, str]:
        """Return for each calculated question how a script computes it while one types, as JSON; the server decides.

        What is asked on this page is named; of another section's answers the sum is given, in hundredths.
        """
        mine = {each.key for each in self.section.questions}
        shown = {each.key for each in shown_questions(self.whole, self.answers)}
        counted = {key: answer for key, answer in self.answers.items() if key in shown}

        def said(name: str) -> str | int | None:
            if name.partition(".")[0] in mine:
                return name
            found = sum_of(counted, name)
            return None if found is None else int(found * 100)

        return {
            each.key: json.dumps(
                {
                    "operation": each.calculation.operation,
                    "of": [said(name) for name in each.calculation.of],
                    "isMoney": each.calculation.is_money,
                }
            )
            for each in self.section.questions
            if each.calculation is not None
        }

    def unsaved(self, form: SectionForm) -> set[str]:
        """Return the keys of the questions of which something else was posted than what stands."""
        posted = form.kept()
        return {key for key, answer in posted.items() if not is_same(answer, self.row.answers.get(key))}

    def read(self) -> ShownSection:
        """Return this section to be read."""
        return shown_section(self.dossier.form, self.section.code, self.dossier.answers or {}, self.beside)


def show_form(
    page: SectionPage, form: SectionForm, *, status: int | None = None, held: UnsentText | None = None
) -> Response:
    """Render the section's form; the questions that the answers hide are there, hidden, for a script to show.

    ``held`` is a text that was kept through signing in, with which the form is filled.
    """
    posted = form.is_submitted()
    asked = page.asked(form.answers() if posted else None)
    others = presence().present(room_of(page.application))
    return render(
        "applications/section.html",
        status,
        page=page,
        form=form,
        application=page.application,
        asked=asked,
        conditions=page.conditions(),
        deadline=deadline_of(page.application),
        unsaved=page.unsaved(form) if posted else (),
        held=held,
        present=presence_words(
            [each for each in others if each.person_id != current_actor().person_id], page.section.code
        ),
    )


def deadline_of(application: Application) -> Any:
    """Return until when the application can be written: the round's deadline, or its completion's."""
    request_ = open_request(application) if application.state == "returned" else None
    return request_.due_at if request_ else closes_at_for(application)
