"""An implementatietraject from the announcement of its round to the award, played by its people."""

import re

import pytest

from tests.journeys.desk_steps import REVIEWERS, admit, assign_three, decide, review
from tests.journeys.steps import (
    add_cost,
    announce_round,
    attach_documents,
    begin_partnership,
    fill_sections,
    invite_partner,
    recognise,
    sign_off,
    submit,
    write_part,
    write_strategy,
)

pytestmark = pytest.mark.timeout(600)
ROUND = "B-2022-6"


def test_an_execution_round_from_announcement_to_award(player):
    announce_round(
        player, "execution",
        opens_at="2022-11-02T09:00", closes_at="2022-11-25T12:00", decision_due_on="2022-12-16",
        projects_start_on="2023-01-01", budget_amount="500000",
    )  # fmt: skip
    path = begin_partnership(player, "Hilde Maertens", "Digibank Leieland", ["Kortrijk"])
    invite_partner(
        player, "Hilde Maertens", path,
        email="tom.jacobs@de-lus.example", organisation="Kringloop De Lus cv", name="Tom Jacobs",
    )  # fmt: skip
    player.move_clock("2022-11-03T10:00:00+01:00")
    player.become("Hilde Maertens").open(f"/rounds/{ROUND}/apply").choose("Digibank Leieland").press("Aanvraag starten")
    ref = re.search(rf"DB-{ROUND}-\d+", player.text())[0]
    fill_sections(player, ref, project_starts_on="2023-01-01", project_ends_on="2024-12-31")
    write_part(player, ref, "Digipunt Leie vzw", receives_funds=True, vat_status="exempt")
    write_part(player, ref, "Kringloop De Lus cv", receives_funds=True, vat_status="liable")
    add_cost(player, ref, "Digipunt Leie vzw", category="staff", year="2023", quantity="1", unit_price_amount="200000")
    add_cost(
        player, ref, "Kringloop De Lus cv", category="hardware", year="2023", quantity="100", unit_price_amount="500"
    )
    attach_documents(player, ref)
    sign_off(player, "Tom Jacobs", ref, "Kringloop De Lus cv")
    player.become("Hilde Maertens")
    player.open(f"/applications/{ref}/check").sees("Dien eerst de strategie")  # a partnership without a strategy
    player.open(path).press("Strategie registreren")
    strategy = write_strategy(player, path)
    submit(player, "Hilde Maertens", ref)
    recognise(player, strategy)

    player.move_clock("2022-11-26T09:00:00+01:00")
    admit(player, ref)
    assign_three(player, ref, "2022-12-09")
    for name, score in zip(REVIEWERS, (8, 8, 7), strict=True):
        review(player, name, ref, score)
    decide(player, ROUND)
    player.open("/results").sees("Digibank Leieland")
    player.become("Hilde Maertens").open(f"/applications/{ref}/decision").sees("€ 250.000,00")
