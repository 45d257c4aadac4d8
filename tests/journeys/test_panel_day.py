"""A panel day: the last reviews come in, the reviewers discuss, the panel agrees, and two administrators decide."""

import pytest

from tests.journeys.desk_steps import decide, review

pytestmark = pytest.mark.timeout(600)
ROUND = "B-2022-2"
DISCUSSED = "DB-B-2022-2-0002"
# Who still writes, by the place of the application in the round; two do not come to it, and are replaced.
TO_COME = {
    3: ("Joris Wuyts",),
    4: ("Joris Wuyts", "Pieter Vandenbroeck"),
    5: ("Joris Wuyts", "Amina El Idrissi"),
    6: ("Amina El Idrissi", "Leen Goossens", "Joris Wuyts"),
    7: ("Pieter Vandenbroeck", "Leen Goossens"),
    8: ("Leen Goossens", "Amina El Idrissi"),
}
REPLACED = {6: ("Anke Creemers", "Joris Wuyts"), 7: ("Emre Denys", "Leen Goossens")}


def test_a_panel_day_from_the_last_review_to_a_result_that_anybody_can_compute_again(player):
    for place, (name, by) in REPLACED.items():
        replace(player, reference(place), name, by)
    for place, names in TO_COME.items():
        for number, name in enumerate(names):
            review(player, name, reference(place), 9 - 2 * number)

    player.move_clock("2022-07-01T09:00:00+02:00")
    refuse(player, reference(9))
    discuss(player)
    agree_on_all(player)
    decide(player, ROUND)
    verify(player)


def reference(place):
    return f"DB-{ROUND}-{place:04d}"


def replace(player, ref, name, by):
    """A case officer takes a reviewer off and invites somebody else, who is free."""
    player.become("Mieke Hendrickx").open(f"/desk/dossiers/{ref}/reviewers")
    row = player.tab.locator("main tr, main li, main article").filter(has_text=name)
    player.open(row.get_by_role("link", name="Afhalen").first.get_attribute("href"))
    player.fill(reason="Komt er voor de vergadering niet toe.").press("Beoordelaar afhalen")
    player.open(f"/desk/dossiers/{ref}/reviewers").fill(due_on="2022-07-08").choose(by).press("Beoordelaar uitnodigen")
    assert not player.problems(), player.problems()


def refuse(player, ref):
    """A case officer finds an application inadmissible whose completion never came."""
    player.become("Mieke Hendrickx").open(f"/desk/dossiers/{ref}").follow("Onontvankelijk verklaren")
    player.fill(reason="Het gevraagde attest kwam niet binnen de termijn.").press("Onontvankelijk verklaren")
    assert not player.problems(), player.problems()


def discuss(player):
    """A reviewer reads what was said and proposed, answers, and votes; nobody is named."""
    player.become("Joris Wuyts").open("/reviews").follow("Digibank IJzervlakte")
    player.sees("Voorstel van de dossierbehandelaar", "Beoordelaar 1").misses("Leen Goossens", "Nora Dierckx")
    player.choose("Akkoord").press("Stemmen").sees("akkoord 2")
    player.fill(remark="Met die score voor bereik kan ik leven.").press("Opmerking toevoegen")
    player.sees("Met die score voor bereik kan ik leven.")


def agree_on_all(player):
    """The panel goes along its agenda; the case officer records what was agreed, until nothing is open."""
    player.become("Mieke Hendrickx").open(f"/desk/rounds/{ROUND}/panel").sees("Panelvergadering", "Akkoord 2")
    agenda = player.tab.locator("main tbody tr a[href*='/consensus']").evaluate_all("all => all.map(each => each.href)")
    assert len(agenda) > 1, player.text()
    for each in agenda:
        player.open(each)
        for scale in player.tab.locator("main [name$='-score'][value='7']").all():
            player.fill(**{scale.get_attribute("name"): "7"})
        player.fill(text="De beoordelaars zijn het na overleg eens: een sterk plan met een krappe planning.")
        player.press("Consensus vastleggen")
        assert not player.problems(), player.problems()
    player.open(f"/desk/rounds/{ROUND}/panel").sees("Er staat geen consensus open")


def verify(player):
    """An auditor has the portal compute the round again: nothing differs from what was published."""
    player.open("/results").sees("Digibank IJzervlakte")
    player.become("Greet Aerts").open(f"/desk/rounds/{ROUND}/verification")
    player.sees("Identiek: de bewijsstukken geven het bekendgemaakte resultaat.").misses("Verschilt")
