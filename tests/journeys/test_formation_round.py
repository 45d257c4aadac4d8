"""A voortraject from the announcement of its round to the award that begins a strategy, played by its people."""

import re

import pytest

from tests.journeys.desk_steps import REVIEWERS, admit, assign_three, decide, review
from tests.journeys.steps import (
    add_cost,
    announce_round,
    begin_partnership,
    fill_sections,
    invite_partner,
    sign_off,
    submit,
    write_part,
)

pytestmark = pytest.mark.timeout(420)
ROUND = "A-2022-3"


def test_a_formation_round_from_announcement_to_award(player):
    announce_round(
        player, "formation",
        opens_at="2022-09-05T09:00", closes_at="2022-09-30T12:00", decision_due_on="2022-11-18",
        projects_start_on="2022-12-01", budget_amount="150000",
    )  # fmt: skip
    path = begin_partnership(player, "Hilde Maertens", "Digibank Leieland", ["Kortrijk", "Harelbeke"])
    invite_partner(
        player, "Hilde Maertens", path,
        email="karim.aznag@de-brem.example", organisation="Welzijnshuis De Brem vzw", name="Karim Aznag",
    )  # fmt: skip
    player.move_clock("2022-09-06T10:00:00+02:00")
    player.become("Hilde Maertens").open(f"/rounds/{ROUND}/apply").choose("Digibank Leieland").press("Aanvraag starten")
    ref = re.search(rf"DB-{ROUND}-\d+", player.text())[0]
    fill_sections(player, ref, project_starts_on="2022-12-01", project_ends_on="2023-03-31", needs_guidance="no")
    write_part(player, ref, "Digipunt Leie vzw")
    write_part(player, ref, "Welzijnshuis De Brem vzw")
    add_cost(player, ref, "Digipunt Leie vzw", category="staff", unit_price_amount="14000")
    player.open(f"/applications/{ref}/check").sees("Welzijnshuis De Brem vzw bevestigde zijn deel nog niet.")
    player.press("Nu herinneren")
    player.mail_to("karim.aznag@de-brem.example", f"Bevestig het deel van Welzijnshuis De Brem vzw in aanvraag {ref}")
    sign_off(player, "Karim Aznag", ref, "Welzijnshuis De Brem vzw")
    submit(player, "Hilde Maertens", ref)
    assert ref in player.mail_to("karim.aznag@de-brem.example", f"Aanvraag {ref} is ingediend")

    player.move_clock("2022-10-03T09:00:00+02:00")
    admit(player, ref)
    assign_three(player, ref, "2022-10-28")
    for name, score in zip(REVIEWERS, (7, 8, 7), strict=True):
        review(player, name, ref, score)
    player.become("Hilde Maertens").open(f"/applications/{ref}").misses("Vertrouwelijk", "73", "Joris Wuyts")
    decide(player, ROUND)

    player.open("/results").sees("Digibank Leieland")
    player.become("Karim Aznag").open(f"/applications/{ref}/decision").sees(
        "€ 14.000,00", "Sterk verankerd in de buurt."
    )
    player.misses("Vertrouwelijk", *REVIEWERS)
    assert "€ 14.000,00" in player.mail_to("karim.aznag@de-brem.example", f"De beslissing over aanvraag {ref}")
    player.become("Hilde Maertens").open(f"/applications/{ref}/decision").follow("Subsidie aanvaarden")
    player.press("Subsidie aanvaarden")
    player.open(path).sees("In opmaak")
