"""What the demo's applications answer, by question key. Formation and execution ask some of the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.models import Organisation
from portal.applications.commands.parts import PartAnswers
from portal.applications.states import VatStatus
from portal.calls.rules import add_months
from portal.core.money import ZERO, euro
from portal.demo.answer_texts import load_texts, say
from portal.demo.project import GROUPS, Project

VAT = {
    "local_government": VatStatus.EXEMPT,
    "other_government": VatStatus.EXEMPT,
    "company": VatStatus.LIABLE,
    "knowledge_institution": VatStatus.MIXED,
    "civil_society": VatStatus.EXEMPT,
}
STREETS = ("Kerkstraat", "Stationsstraat", "Marktplein", "Molenweg", "Schoolstraat", "Lindelaan", "Dorpsplein")
PLACES = ("Bibliotheek", "Sociaal huis", "Dienstencentrum", "Buurthuis")
FORMS = ("fixed", "fixed", "hybrid", "mobile")
ACCESSIBILITY = (
    "Drempelloos, met aangepast toilet en een bushalte op 200 meter. Er is een aparte gespreksruimte.",
    "Gelijkvloers, brede deuren, een ringleiding aan de balie. Parkeerplaats voor personen met een handicap voor de deur.",
    "Toegankelijk met een hellend vlak; wie hulp nodig heeft, belt aan. Werktafels op twee hoogtes.",
    "Lage instap en een oprijplaat. De bus staat op vaste uren in de kernen die geen knooppunt hebben.",
)


def part_of(project: Project, organisation: Organisation) -> PartAnswers:
    """Return what the organisation declares of its part; without funds, only its task."""
    if organisation in project.network:
        return PartAnswers(task=load_texts()["tasks"]["network"])
    status = VAT[organisation.kind]
    dice = project.dice(f"aid {organisation.name}")
    earlier = dice.choice((0, 0, 0, 4_500, 12_000, 28_750, 61_400))
    formation = 15_000 if project.had_formation else 0  # awarded in this portal in 2022; no partner's part was more
    return PartAnswers(
        task=load_texts()["tasks"][organisation.kind],
        receives_funds=True,
        vat_status=status,
        recoverable_percent=euro(dice.randrange(10, 70, 5)) if status is VatStatus.MIXED else None,
        earlier_aid={2020: euro(0), 2021: euro(earlier), 2022: euro(formation)},
    )


def formation_answers(project: Project) -> dict[str, Any]:
    """Return the answers of an application for strategy formation, by question key."""
    keys = ("partners_sought", "public_summary", "needs", "existing_offer", "formation_approach")
    objectives = tuple(f"objective_{number}_approach" for number in (1, 2, 3))
    guided = project.serial % 3 != 0
    answers = _common(project) | {
        key: say("formation", key, project.serial, project.words) for key in keys + objectives
    }
    answers |= {"target_groups": project.groups, "needs_guidance": guided, "milestones": _steps(project)}
    if guided:
        answers["guidance_needed"] = say("formation", "guidance_needed", project.serial, project.words)
    return answers


def execution_answers(project: Project) -> dict[str, Any]:
    """Return the answers of an application for strategy execution, by question key."""
    texts: tuple[str, ...] = ("cooperation", "lending_service", "training", "guidance", "circularity")
    texts += ("measuring_method", "baseline", "after_grant", "house_style")
    dice, words = project.dice("execution"), project.words
    harms = {f"dnsh_{goal}": False for goal in load_texts()["dnsh"]}
    reasons = {f"dnsh_{goal}_reason": text for goal, text in load_texts()["dnsh"].items()}
    return (
        _common(project)
        | {key: say("execution", key, project.serial, words) for key in texts}
        | {
            "device_count": words["devices"],
            "device_origin": ["social_economy", "donated", "new"][: 2 + project.serial % 2],
            "loan_term": str(dice.choice((6, 9, 12, 12, 18))),
            "deposit": str(euro(dice.choice((0, 10, 15, 25)))),
            "training_sessions": words["sessions"],
            "training_participants": str(int(words["sessions"]) * dice.randrange(4, 7)),
            "digital_helpers": words["helpers"],
            "access_points": _access_points(project),
            "unique_users": _unique_users(project),
            "work_packages": _work_packages(project),
            "milestones": _milestones(project),
            "risks": _risks(),
            "indicators": _indicators(project),
            "eu_logo": True,
        }
        | harms
        | reasons
    )


def _common(project: Project) -> dict[str, Any]:
    income = [{"source": "Eigen bijdrage van de partners", "amount": str(project.income_amount)}]
    return {
        "contact_person": {"name": project.contact.name, "email": project.contact.email, "phone": _phone(project)},
        "bank_account": _iban(project.serial),
        "service_area": [nis for nis, _ in project.towns],
        "project_starts_on": project.starts_on.isoformat(),
        "project_ends_on": project.ends_on.isoformat(),
        "other_income": income if project.income_amount > ZERO else [],
        "lowest_grant": None if project.lowest_amount is None else str(project.lowest_amount),
    }


def _phone(project: Project) -> str:
    return f"0{project.dice('phone').randrange(10, 90)} 00 {project.serial:02d} 00"


def _iban(serial: int) -> str:
    """Return an account that passes both checks of a Belgian IBAN, in an invented series."""
    body = f"096{7_000_000 + 137 * serial:07d}"
    bban = f"{body}{int(body) % 97 or 97:02d}"
    return f"BE{98 - int(bban + '111400') % 97:02d}{bban}"


def _owner(organisation: Organisation) -> str:
    return str(organisation.id)


def _steps(project: Project) -> list[dict[str, Any]]:
    titles: tuple[str, ...] = (
        "Startoverleg met alle partners",
        "Gesprekken in elke gemeente afgerond",
        "Eerste volledige strategie",
    )
    titles += ("Overeenkomst getekend, strategie klaar",)
    last = (project.ends_on - project.starts_on).days
    days = (project.starts_on + timedelta(days=last * part // 10) for part in (1, 4, 7, 10))
    owners = (project.promotor, project.core[0], project.core[-1], project.promotor)
    return [
        {"title": title, "due_on": day.isoformat(), "owner": _owner(owner)}
        for title, day, owner in zip(titles, days, owners, strict=True)
    ]


def _access_points(project: Project) -> list[dict[str, Any]]:
    dice = project.dice("points")
    points = []
    for place in range(max(2, min(4, len(project.towns)))):
        nis, town = project.towns[place % len(project.towns)]
        form = FORMS[place]
        name = f"Digibus {town}" if form == "mobile" else f"{PLACES[(place + project.serial) % 4]} {town}"
        points.append(
            {
                "name": name,
                "form": form,
                "address": f"{dice.choice(STREETS)} {dice.randrange(1, 140)}, {town}",
                "municipality": [nis],
                "weekly_hours": str(dice.randrange(8, 30, 2)),
                "accessibility": ACCESSIBILITY[place],
                "operator": _owner(project.funded[(place + 1) % len(project.funded)]),
            }
        )
    return points


def _unique_users(project: Project) -> dict[str, dict[str, int]]:
    dice, chosen = project.dice("users"), project.groups
    first = {group: dice.randrange(60, 240, 10) if group in chosen else dice.randrange(0, 40, 10) for group in GROUPS}
    return {
        str(year): {group: count * (10 + 3 * step) // 10 for group, count in first.items()}
        for step, year in enumerate(project.years)
    }


def _work_packages(project: Project) -> list[dict[str, Any]]:
    told = (
        ("Uitleendienst", "Inventaris, inzameling, herstel en uitlening; levert een gezamenlijke catalogus op."),
        (
            "Vorming en digihelpers",
            "Werving en opleiding van digihelpers, lessenreeksen en herstelateliers per kwartaal.",
        ),
        (
            "Knooppunten en begeleiding",
            "Inrichting en opening van de knooppunten, werkwijze per dienst, doorverwijzing.",
        ),
        ("Coördinatie en meting", "Stuurgroep, nulmeting, halfjaarlijkse meting en verankering bij de besturen."),
    )
    owners = (project.workshop, project.core[-1], project.core[0], project.promotor)
    return [
        {
            "title": title,
            "description": text,
            "owner": _owner(owner),
            "starts_on": add_months(project.starts_on, delay).isoformat(),
            "ends_on": project.ends_on.isoformat(),
        }
        for (title, text), owner, delay in zip(told, owners, (1, 2, 3, 0), strict=True)
    ]


def _milestones(project: Project) -> list[dict[str, Any]]:
    told: tuple[tuple[str, int], ...] = (
        ("Nulmeting klaar", 2),
        ("Eerste knooppunt open", 4),
        ("Alle knooppunten open", 9),
    )
    told += (("Tussentijdse meting besproken", 13), ("Verankering beslist door de besturen", 20))
    return [{"title": title, "due_on": add_months(project.starts_on, month).isoformat()} for title, month in told]


def _risks() -> list[dict[str, Any]]:
    return [
        {
            "risk": "Te weinig afgeschreven toestellen in het eerste jaar",
            "likelihood": "medium",
            "measure": "Afspraken met drie leveranciers en een reserve voor nieuwe toestellen in de begroting.",
        },
        {
            "risk": "Digihelpers haken af",
            "likelihood": "medium",
            "measure": "Vast aanspreekpunt, onkostenvergoeding en een terugkomdag per kwartaal; werving loopt door.",
        },
        {
            "risk": "De moeilijkst bereikbare groep komt niet",
            "likelihood": "high",
            "measure": "Begeleiding op verplaatsing, samen met vertrouwenspersonen; na zes maanden bijsturen op de cijfers.",
        },
    ]


def _indicators(project: Project) -> list[dict[str, Any]]:
    words = project.words
    return [
        {"indicator": "Toestellen in uitleen", "baseline": "30", "target": words["devices"]},
        {"indicator": "Vragen beantwoord in een knooppunt per jaar", "baseline": words["users"], "target": "2.400"},
        {
            "indicator": "Bezoekers die na drie maanden een dienst alleen gebruiken",
            "baseline": "onbekend",
            "target": "45 %",
        },
        {"indicator": "Digihelpers actief", "baseline": "4", "target": words["helpers"]},
    ]
