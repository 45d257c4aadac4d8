"""What the department's people do with what was handed in, one screen after another."""

import re

REVIEWERS = ("Joris Wuyts", "Amina El Idrissi", "Leen Goossens")


def admit(player, reference):
    """A case officer judges every rule that has a judged half, and declares the application admissible."""
    player.become("Mieke Hendrickx").open(f"/desk/dossiers/{reference}")
    judged = player.tab.locator("main a[href*='/rules/']").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    assert judged, player.text()
    for each in judged:
        player.open(each).fill(verdict="met", reason="Nagekeken in het dossier en in de KBO.").press("Oordeel bewaren")
    player.press("Ontvankelijk verklaren")
    assert not player.problems(), player.problems()


def assign_three(player, reference, due_on):
    """A case officer invites three reviewers; a reviewer with a conflict cannot even be chosen."""
    for name in REVIEWERS:
        player.become("Mieke Hendrickx").open(f"/desk/dossiers/{reference}/reviewers")
        player.fill(due_on=due_on).choose(name).press("Beoordelaar uitnodigen")
        assert not player.problems(), player.problems()


def review(player, name, reference, score):
    """A reviewer signs the year's declaration and accepts where that was not done, scores every criterion, and submits."""
    player.become(name).open("/language/nl?next=/reviews/declaration")  # some of the cast read English
    if player.tab.get_by_role("button", name="Verklaring ondertekenen").count():
        player.choose("Ik verklaar dit voor het hele kalenderjaar").press("Verklaring ondertekenen")
    player.open("/reviews")
    row = player.tab.locator("main tr").filter(has_text=reference)
    player.open(row.get_by_role("link").first.get_attribute("href"))
    if player.tab.url.endswith("/invitation"):
        player.misses("Zo bereiken wij wie er nog niet bij is").choose("Ik heb geen belangenconflict").press(
            "Beoordeling aanvaarden"
        )
    number = re.search(r"/reviews/(\d+)", player.tab.url)[1]
    player.open(f"/reviews/{number}")
    for each in player.tab.locator("main textarea[name$='-reason']").all():
        criterion = each.get_attribute("name").removesuffix("-reason")
        each.fill("Uitgewerkt, met afspraken tussen de partners.")
        player.fill(**{f"{criterion}-score": str(score)})
    player.fill(
        strengths="Sterk verankerd in de buurt.",
        weaknesses="Weinig cijfers over het bereik.",
        private_note=f"Vertrouwelijk van {name}.",
    )
    player.press("Bewaren en naar indienen").press("Beoordeling indienen")
    assert not player.problems(), player.problems()


def decide(player, round_, prepared_by="Sofie De Backer", confirmed_by="Dirk Lambrechts"):
    """One administrator ranks and prepares, and cannot confirm; a second one confirms and publishes."""
    player.become(prepared_by).open(f"/desk/rounds/{round_}/ranking").press("Rangschikking berekenen")
    player.sees("Subsidielijn").press("Beslissingen voorbereiden")
    player.open(f"/desk/rounds/{round_}/confirm").sees("Een tweede persoon bevestigt ze.")
    assert not player.tab.get_by_role("button", name=re.compile("beslissing(en)? bevestigen")).count()
    player.become(confirmed_by).open(f"/desk/rounds/{round_}/confirm").press("bevestigen")
    player.open(f"/desk/rounds/{round_}/publish").fill(signed_by="Ann De Smet, administrateur-generaal")
    player.press("Resultaten bekendmaken")
    assert not player.problems(), player.problems()
