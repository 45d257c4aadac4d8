"""The budgets of the demo's applications: lines that follow from the project and add up to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from portal.accounts.models import Organisation
from portal.applications.commands.budget import Cost
from portal.core.money import euro, total
from portal.demo.project import Project

CENT = Decimal("0.01")


def formation_costs(project: Project) -> list[Cost]:
    """Return the lines of a formation: days of work, process guidance, and what remains for meetings."""
    dice, year = project.dice("formation costs"), project.starts_on.year
    lines = [
        _whole(project.promotor, "staff", year, dice.randrange(24, 31) * 236, "Coördinatie, gesprekken en redactie: dagen van één medewerker aan de kost per dag, bijdragen inbegrepen."),
        _whole(project.core[0], "staff", year, dice.randrange(8, 14) * 228, "Gesprekken met de doelgroep en trekken van een werkgroep, tegen de kost per dag."),
        _whole(project.core[-1], "operating", year, dice.randrange(3, 7) * 90, "Zaal, tolk en vergoeding voor bewoners die meedenken, per bijeenkomst."),
    ]  # fmt: skip
    rest = project.requested_amount + project.income_amount - total(line.unit_price_amount for line in lines)
    guidance = "Procesbegeleiding en rekenmodel, volgens de gemiddelde prijs van drie offertes."
    return [*lines, _whole(project.promotor, "external", year, rest, guidance)]


def execution_costs(project: Project) -> list[Cost]:
    """Return the lines of an execution; the last one makes the whole equal to the grant and the other income."""
    wanted = project.requested_amount + project.income_amount
    lines = [*_staff(project, wanted), *_equipment(project, wanted), *_running(project, wanted)]
    rest = wanted - total(euro(each.quantity * each.unit_price_amount) for each in lines)
    told = "Lesgevers voor de gevorderde reeksen en het reservatiesysteem, volgens offerte."
    return [*lines, _whole(project.promotor, "external", project.years[-1], rest, told)]


def _staff(project: Project, wanted: Decimal) -> Iterator[Cost]:
    """About 60 % of the costs: months of work, the lead partner's share double that of the others."""
    months = {year: _months(project, year) for year in project.years}
    shares = 1 + len(project.funded)
    for partner in project.funded:
        share = wanted * 60 / 100 * (2 if partner is project.promotor else 1) / shares
        price = (share / sum(months.values())).quantize(CENT, ROUND_DOWN)
        told = "Coördinator en digihelpers" if partner is project.promotor else "Digihelper en begeleider"
        for year, count in months.items():
            text = f"{told}: maandkost met werkgeversbijdragen, naar rato van de tijd voor het project."
            yield Cost(partner.id, "staff", year, Decimal(count), price, text)


def _equipment(project: Project, wanted: Decimal) -> Iterator[Cost]:
    devices = int(project.words["devices"])
    price = (wanted * 14 / 100 / devices).quantize(CENT, ROUND_DOWN)
    text = "Toestellen voor de uitleendienst: gemiddelde prijs van herstelde en nieuwe toestellen, met tas en lader."
    yield Cost(project.workshop.id, "hardware", project.years[0], Decimal(devices), price, text)
    text = "Gereedschap, onderdelen en software om te wissen, voor twee werkplekken."
    yield Cost(project.workshop.id, "hardware", project.years[0], Decimal(2), euro(wanted / 100), text)
    points = max(2, min(4, len(project.towns)))
    text = "Meubilair, bewegwijzering, scherm en aanpassing van de balie, per knooppunt."
    price = (wanted * 9 / 100 / points).quantize(CENT, ROUND_DOWN)
    yield Cost(project.core[0].id, "access_point", project.years[0], Decimal(points), price, text)


def _running(project: Project, wanted: Decimal) -> Iterator[Cost]:
    price = (wanted * 7 / 100 / sum(_months(project, year) for year in project.years)).quantize(CENT, ROUND_DOWN)
    text = "Verplaatsingen, datakaarten, drukwerk en verzekering van de toestellen, per maand."
    for year in project.years:
        yield Cost(project.promotor.id, "operating", year, Decimal(_months(project, year)), price, text)


def _months(project: Project, year: int) -> int:
    first = project.starts_on.month if year == project.starts_on.year else 1
    last = project.ends_on.month if year == project.ends_on.year else 12
    return last - first + 1


def _whole(partner: Organisation, category: str, year: int, amount: Decimal | int, told: str) -> Cost:
    return Cost(partner.id, category, year, Decimal(1), euro(amount), told)
