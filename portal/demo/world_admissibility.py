"""What the case officers did with the demo's applications: each rule judged with a reason, then admitted or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from portal.applications.commands.admissibility import (
    admit_application,
    ask_completion,
    judge_rule,
)
from portal.applications.completion import askables_of
from portal.applications.dossiers import dossier_of
from portal.applications.models import Application
from portal.applications.states import Verdict
from portal.calls.models import Round
from portal.calls.queries import terms_of
from portal.core.clock import brussels_moment
from portal.core.context import Ctx
from portal.decisions.commands.admission import tell_inadmissible
from portal.demo.office_hours import on_a_workday
from portal.demo.world_people import Crowd

OFFICERS = ("mieke", "stijn")
MET = {
    "OV-02": "De aanstelling is bevestigd bij het claimen van de organisatie.",
    "OV-03": "Elk nummer is actief in de Kruispuntbank van Ondernemingen; alle gesubsidieerde partners zijn rechtspersonen.",
    "OV-06": "Elke doelstelling heeft eigen acties, aantallen en een trekker.",
    "OV-07": "De overeenkomst is volledig en draagt de handtekening van de promotor en elke partner.",
    "OV-08": "De bewijzen stemmen overeen met het opgegeven statuut.",
    "OV-09": "Alle verklaringen zijn getekend; de bedragen kloppen met het register.",
    "OV-10": "De attesten dateren van dit kwartaal en tonen geen achterstal.",
    "OV-11": "De analyse behandelt de zes doelen, elk met een reden.",
    "OV-14": "In het subsidieregister staat geen andere steun voor deze kosten.",
    "OV-15": "De strategie is erkend.",
}
UNSIGNED = (
    "De overeenkomst die u toevoegde, is een ontwerp: de handtekening van twee van de partners ontbreekt, en de datum ligt "
    "na het einde van de ronde."
)
NOT_ADMISSIBLE = (
    "Er was bij het indienen geen ondertekende samenwerkingsovereenkomst (OV-07). Dat kan achteraf niet meer."
)
OLD_ATTEST = "Het RSZ-attest van een van de partners dateert van het vorige kwartaal."
COMPLETE = "Voeg een RSZ-attest van dit kwartaal toe."


def judge_round(crowd: Crowd, round_: Round, applications: Iterable[Application]) -> None:
    """Admit every application in the week after the round closed."""
    for place, application in enumerate(applications):
        at = _first_look(round_, place)
        _judge(crowd, application, at, place)
        admit_application(_officer(crowd, place, at + timedelta(minutes=40)), application)


def refuse_unsigned(crowd: Crowd, round_: Round, application: Application) -> None:
    """Find the application inadmissible: its agreement was not signed."""
    at = _first_look(round_, 8)
    _judge(crowd, application, at, 0, {"OV-07": (Verdict.NOT_MET, UNSIGNED)})
    tell_inadmissible(_officer(crowd, 0, at + timedelta(minutes=40)), application, NOT_ADMISSIBLE)


def ask_attest(crowd: Crowd, round_: Round, application: Application) -> None:
    """Ask the application to complete a document, within two weeks of the demo's first day."""
    at = _first_look(round_, 12)
    _judge(crowd, application, at, 0, {"OV-10": (Verdict.COMPLETION, OLD_ATTEST)})
    due_at = brussels_moment(date(2022, 6, 30), 12)
    attest = next(
        each.key
        for each in askables_of(dossier_of(application))
        if each.question == "social_security_attest" and each.organisation_id != application.promotor_id
    )
    officer = _officer(crowd, 0, at + timedelta(minutes=40))
    ask_completion(officer, application, ["OV-10"], "", due_at, asked={attest: COMPLETE})


def _first_look(round_: Round, place: int) -> datetime:
    return on_a_workday(round_.closes_at + timedelta(days=3 + place // 3, hours=place % 3))


def _officer(crowd: Crowd, place: int, at: datetime) -> Ctx:
    return crowd.ctx(OFFICERS[place % 2], at)


def _judge(
    crowd: Crowd,
    application: Application,
    at: datetime,
    place: int,
    otherwise: dict[str, tuple[Verdict, str]] | None = None,
) -> None:
    for rule in terms_of(application.round).rules:
        if rule.judged is not None:
            at += timedelta(minutes=3)
            verdict, reason = (otherwise or {}).get(rule.code, (Verdict.MET, MET[rule.code]))
            judge_rule(_officer(crowd, place, at), application, rule.code, verdict, reason)
