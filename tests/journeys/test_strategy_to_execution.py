"""A partnership whose voortraject runs hands in its strategy, is recognised, and applies to carry it out."""

import re

import pytest

from tests.journeys.steps import (
    add_cost,
    attach_documents,
    fill_sections,
    recognise,
    submit,
    write_part,
    write_strategy,
)

pytestmark = pytest.mark.timeout(600)
BART = "bart.torfs@welzijnsregio-zennebeemd.example"
PASSWORD = "drie blauwe lampen boven de Zenne"


def test_the_result_of_a_voortraject_carries_into_its_execution(player):
    player.move_clock("2022-08-20T09:00:00+02:00")
    _sign_in_by_mail(player)
    player.open("/partnerships").follow("Digibank Zennebeemd")
    path = re.search(r"/partnerships/\d+", player.tab.url)[0]
    strategy = write_strategy(player, path)
    recognise(player, strategy)
    _sign_in(player)
    player.open("/rounds/B-2022-4/apply").choose("Digibank Zennebeemd").press("Aanvraag starten")
    ref = re.search(r"DB-B-2022-4-\d+", player.text())[0]
    player.open(f"/applications/{ref}/sections/B3")
    assert "Samen bereiken wij wie digitaal niet mee is" in player.field("topic_outreach").input_value()
    fill_sections(player, ref, project_starts_on="2023-01-01", project_ends_on="2024-12-31")
    partners = player.open(f"/applications/{ref}").tab.locator("main a[href*='/parts/']").all_inner_texts()
    for name in partners:
        funds = {"receives_funds": True, "vat_status": "liable"}
        write_part(player, ref, name, **(funds if name == "Welzijnsregio Zennebeemd" else {}))
    add_cost(
        player, ref, "Welzijnsregio Zennebeemd", category="staff", year="2023", quantity="1", unit_price_amount="180000"
    )
    attach_documents(player, ref)
    submit(player, None, ref)
    assert ref in player.mail_to(BART, f"Aanvraag {ref} is ingediend")


def _sign_in_by_mail(player):
    """Nobody of the demo has a password: Bart asks for a link and chooses one."""
    player.open("/account/forgot").fill(email=BART).press("Link sturen")
    link = re.search(r"http://\S+/account/reset/\S+", player.mail_to(BART, "wachtwoord"))[0]
    player.open(link).fill(password=PASSWORD).press("Wachtwoord")
    _sign_in(player)


def _sign_in(player):
    player.tab.context.clear_cookies()
    player.open("/sign-in").fill(email=BART, password=PASSWORD).press("Aanmelden")
