"""The demo's applications: begun, written and handed in by the people of the partnerships, when their round was open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.applications.commands.attachments import attach_file
from portal.applications.commands.budget import add_line
from portal.applications.commands.parts import save_part
from portal.applications.commands.save_section import save_section
from portal.applications.commands.signing import sign_off
from portal.applications.commands.start import start_application
from portal.applications.commands.submit import submit_application
from portal.applications.models import Application
from portal.applications.queries import get_application
from portal.applications.sign_offs import digest_of, facts_of
from portal.calls.form_definitions import FormDefinition, QuestionKind
from portal.calls.models import Round
from portal.calls.queries import form_of, terms_of
from portal.calls.rules import last_day
from portal.core.context import Ctx
from portal.core.files import Storage
from portal.demo.clock import START
from portal.demo.office_hours import later_at_work, on_a_workday, workday_before
from portal.demo.project import Project
from portal.demo.strategy_texts import pdf
from portal.demo.world_answers import execution_answers, formation_answers, part_of
from portal.demo.world_budgets import execution_costs, formation_costs
from portal.demo.world_entries import Entry, load_entries
from portal.demo.world_partnerships import EXISTED_BEFORE
from portal.demo.world_people import Crowd
from portal.partnerships.models import Partnership
from portal.partnerships.queries import get_partnership, list_service_area
from portal.partnerships.states import PartnerRole
from portal.places.queries import list_municipalities_by_nis

LONGEST_EXECUTION = 30  # months; the programme's end comes first for what begins late
FILE_NAMES = {
    "cooperation_agreement": "samenwerkingsovereenkomst-getekend.pdf",
    "de_minimis_declaration": "de-minimisverklaring.pdf",
    "social_security_attest": "rsz-attest.pdf",
    "vat_proof": "btw-attest.pdf",
    "dnsh_analysis": "dnsh-analyse.pdf",
}
BETWEEN_SAVES = timedelta(minutes=19, seconds=40)
ON_THE_LAST_DAY = 4  # applications of a round that come in on its last day
# What a draft that is nearly there still lacks: a text, and one partner's papers.
LAST_SECTIONS = ("B10", "A6")


@dataclass(slots=True)
class Scene:
    """Everything an application of the world is made of."""

    crowd: Crowd
    storage: Storage
    partnerships: dict[str, Partnership]
    serials: dict[str, int]  # partnership → its number in the roster


def load_applications(scene: Scene, round_: Round) -> dict[str, Application]:
    """Begin and write every application of ``round_`` and hand in those that were; return them by partnership."""
    return {
        entry.partnership: _apply(scene, round_, entry, place)
        for place, entry in enumerate(load_entries()[round_.code])
    }


def _apply(scene: Scene, round_: Round, entry: Entry, place: int) -> Application:
    project = project_of(scene, round_, entry)
    lead = scene.crowd.lead_by_id[project.promotor.id]
    begun = on_a_workday(round_.opens_at + timedelta(days=place % 5, hours=1 + place % 7, minutes=7 * place))
    partnership = scene.partnerships[entry.partnership]
    begun = max(begun, partnership.begun_at + timedelta(minutes=25))
    draft = start_application(scene.crowd.ctx(lead, begun), round_, partnership)
    application = get_application(draft.reference)
    if entry.stage == "empty":
        return application
    Writer(scene, project, application, begun + timedelta(minutes=30)).write(entry)
    if entry.stage == "submitted":
        accepted = frozenset(each.code for each in terms_of(round_).declarations)
        submit_application(scene.crowd.ctx(lead, _handed_in_at(round_, place)), application, accepted=accepted)
    return application


def _handed_in_at(round_: Round, place: int) -> datetime:
    """Return when it was handed in: the first of the list in the last minutes, the last ones the day before."""
    last = min(round_.closes_at, START - timedelta(hours=2))
    if place < ON_THE_LAST_DAY:
        return last - timedelta(minutes=2 + 41 * place + 7 * place * place, seconds=13 * place + 4)
    return workday_before(last) + timedelta(hours=5, minutes=-38 * (place - ON_THE_LAST_DAY), seconds=7 * place)


def project_of(scene: Scene, round_: Round, entry: Entry) -> Project:
    """Return the project that ``entry`` asks a grant for."""
    partnership = get_partnership(scene.partnerships[entry.partnership].id)
    by_role: dict[str, list[Any]] = {}
    for partner in partnership.partners:
        by_role.setdefault(partner.role, []).append(partner.organisation)
    promotor = by_role[PartnerRole.PROMOTOR][0]
    terms, starts_on = terms_of(round_), round_.projects_start_on
    latest = terms.latest_end_on or round_.call.programme.ends_on
    months = terms.maximum_months or LONGEST_EXECUTION
    return Project(
        serial=scene.serials[entry.partnership],
        name=partnership.name,
        promotor=promotor,
        contact=scene.crowd.people[scene.crowd.lead_by_id[promotor.id]],
        core=tuple(by_role[PartnerRole.CORE]),
        network=tuple(by_role.get(PartnerRole.NETWORK, ())),
        towns=tuple((each.nis, each.name) for each in _towns(partnership)),
        starts_on=starts_on,
        ends_on=min(last_day(starts_on, months), latest),
        requested_amount=entry.requested,
        income_amount=entry.income,
        lowest_amount=entry.lowest,
        had_formation=terms.needs_strategy and entry.partnership not in EXISTED_BEFORE,
    )


def _towns(partnership: Partnership) -> Iterable[Any]:
    return list_municipalities_by_nis(list_service_area(partnership.id))


@dataclass(slots=True)
class Writer:
    """Writes one application as its people did: the lead partner most of it, each partner its own part."""

    scene: Scene
    project: Project
    application: Application
    at: datetime

    def write(self, entry: Entry) -> None:
        """Fill in sections, parts, budget and documents, as far as the entry's stage says."""
        form = form_of(self.application.round)
        is_execution = any(each.kind is QuestionKind.ATTACHMENT for each in form.questions)
        answers = execution_answers(self.project) if is_execution else formation_answers(self.project)
        written = [each.code for each in form.sections]
        if entry.stage == "half":
            written = written[: len(written) // 2]
        elif entry.stage in ("nearly", "attention"):
            written = [code for code in written if code not in LAST_SECTIONS]
        self._sections(form, answers, written)
        self._parts()
        if entry.stage == "half":
            return
        for cost in execution_costs(self.project) if is_execution else formation_costs(self.project):
            add_line(self._lead(), self.application, cost)
        self._documents(form, all_of_them=entry.stage in ("submitted", "complete"))
        self._sign_offs(all_of_them=entry.stage in ("submitted", "complete"))

    def _lead(self) -> Ctx:
        return self._ctx(self.project.promotor)

    def _ctx(self, organisation: Any) -> Ctx:
        self.at = later_at_work(self.at, BETWEEN_SAVES)
        return self.scene.crowd.ctx(self.scene.crowd.lead_by_id[organisation.id], self.at)

    def _colleague(self) -> Ctx:
        """The lead partner's colleague who writes, where it has one."""
        self.at = later_at_work(self.at, BETWEEN_SAVES)
        crowd, promotor = self.scene.crowd, self.project.promotor.id
        return crowd.ctx(crowd.staff_by_id.get(promotor, crowd.lead_by_id[promotor]), self.at)

    def _sections(self, form: FormDefinition, answers: dict[str, Any], written: list[str]) -> None:
        for section in self.application.sections:
            if section.code in written:
                asked = {each.key for each in form.section(section.code).questions}
                mine = {key: value for key, value in answers.items() if key in asked}
                by = self._colleague() if section.id % 2 else self._lead()
                save_section(by, self.application, section.code, mine, section.version)

    def _parts(self) -> None:
        for part in self.application.parts:
            answers = part_of(self.project, part.organisation)
            save_part(self._ctx(part.organisation), self.application, part.organisation_id, answers, part.version)

    def _sign_offs(self, *, all_of_them: bool) -> None:
        """Each partner signs off on what now stands; where the draft is not ready, the last of them did not yet."""
        partners = self.project.core if all_of_them else self.project.core[:-1]
        for part in self.application.parts:
            if any(part.organisation_id == each.id for each in partners):
                sha256 = digest_of(facts_of(part, self.application.counted_lines))
                sign_off(self._ctx(part.organisation), self.application, part.organisation_id, sha256)

    def _documents(self, form: FormDefinition, *, all_of_them: bool) -> None:
        exempt = {each.organisation_id for each in self.application.parts if each.vat_status != "liable"}
        for question in form.questions:
            if question.kind is not QuestionKind.ATTACHMENT:
                continue
            owners: list[Any] = [None]
            if question.per_partner:
                owners = list(self.project.funded) if all_of_them else list(self.project.funded[:-1])
            for owner in owners:
                if question.per_partner != "funded_exempt_or_mixed" or owner.id in exempt:
                    self._attach(question.key, owner)

    def _attach(self, kind: str, owner: Any) -> None:
        title = f"{FILE_NAMES[kind].removesuffix('.pdf')} {owner.name if owner else self.project.name}"
        attach_file(
            self._ctx(owner or self.project.promotor),
            self.scene.storage,
            self.application,
            kind,
            owner.id if owner else None,
            name=FILE_NAMES[kind],
            content=pdf(title),
        )
