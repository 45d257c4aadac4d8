"""What every journey does: each step is what one person does at the screen, and what they read afterwards."""

import re

from tests.world.player import PDF


def announce_round(player, call, **dates):
    """An administrator drafts a round, reads that every rule holds, and announces it."""
    player.become("Sofie De Backer").open(f"/admin/calls/digibanken/{call}/draft-round")
    player.fill(**dates).press("Ronde bewaren")
    player.sees("Alle regels kloppen: deze ronde kan aangekondigd worden.")
    player.follow("Ronde aankondigen").sees("Formulier, criteria, ontvankelijkheidsregels, budget").press(
        "Ronde aankondigen"
    )


def begin_partnership(player, lead, name, municipalities):
    """A lead begins a partnership and says where it works; answers its page's path."""
    player.become(lead).open("/partnerships/begin")
    player.fill(name=name, summary="Samen helpen wij mensen die digitaal niet mee zijn.").press(
        "Samenwerkingsverband beginnen"
    )
    path = re.search(r"/partnerships/\d+", player.tab.url)[0]
    for each in municipalities:
        player.open(f"{path}/area").fill(q=each).press("Gemeente zoeken").press("Toevoegen")
    return path


def invite_partner(player, lead, path, *, email, organisation, name):
    """The lead invites somebody by mail, who opens the link and joins with their organisation."""
    player.become(lead).open(f"{path}/invite")
    player.fill(email=email, organisation_name=organisation, note="Doet u mee?").press("Uitnodiging versturen")
    player.become(name)
    link = re.search(r"http://\S+/invitations/\S+", player.mail_to(email, "Uitnodiging"))[0]
    player.open(link).press("Uitnodiging aanvaarden")
    player.sees(organisation)


def fill_sections(player, reference, **known):
    """Fill in every section as the task list names them; ``known`` gives the answers that matter, by question."""
    player.open(f"/applications/{reference}")
    links = player.tab.locator("main .dp-tasks a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    for each in links:
        player.open(each)
        asked = {name: value for name, value in known.items() if player.field(name).count()}
        player.fill_empty(**asked)
        if player.tab.locator("main form[data-questions]").count():
            player.press("Bewaren")
            assert not player.problems(), f"{each}: {player.problems()}"


def write_part(player, reference, organisation, **answers):
    """Say what one partner does in the project, whether it receives funds, and how it stands to VAT."""
    player.open(f"/applications/{reference}").follow(organisation).fill(task="Zorgt voor begeleiding.", **answers)
    for each in player.tab.locator("input[name^=aid_]").all():  # what the portal awarded is filled in already
        if not each.input_value():
            each.fill("0")
    player.press("Deel bewaren")
    assert not player.problems(), player.problems()


def add_cost(player, reference, organisation, **cost):
    """Add one cost of a partner to the budget."""
    player.open(f"/applications/{reference}/budget/lines/add")
    player.field("organisation").select_option(label=organisation)
    player.fill(explanation="Een halftijdse digihelper gedurende het hele project.", **cost).press("Kost bewaren")
    assert not player.problems(), player.problems()


def attach_documents(player, reference):
    """Attach a PDF wherever the application asks a document that is not there."""
    player.open(f"/applications/{reference}/documents")
    asked = player.tab.locator("main a[href*='/applications/'][href*='/documents/']").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    for each in dict.fromkeys(asked):
        player.open(each)
        player.tab.locator("main input[type=file]").set_input_files(
            {"name": "getekend.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        player.press("Documenten toevoegen")
        assert not player.problems(), player.problems()


def sign_off(player, name, reference, organisation):
    """Somebody who may sign for a partner reads what it confirms, and signs off on it."""
    player.become(name).open(f"/applications/{reference}").follow(f"Nalezen en bevestigen voor {organisation}")
    player.sees(reference).press("Dit deel bevestigen")
    assert not player.problems(), player.problems()
    player.sees(f"U bevestigde voor {organisation}.")


def submit(player, lead, reference):
    """Read the whole, declare, hand in and read the receipt; ``lead`` is None for who is signed in already."""
    if lead:
        player.become(lead)
    player.open(f"/applications/{reference}/check")
    for box in player.tab.locator("main input[name=accepted]").all():
        box.check(force=True)
    player.press("Aanvraag indienen")
    assert not player.problems(), player.problems()
    player.sees("Wij hebben uw aanvraag ontvangen", reference)


def write_strategy(player, path):
    """Whoever leads writes the seven topics and the planning, adds the signed papers, and hands the strategy in."""
    player.open(path)
    number = re.search(
        r"/strategies/\d+", player.tab.locator("main a[href*='/strategies/']").first.get_attribute("href")
    )[0]
    player.open(f"{number}/edit")
    for each in player.tab.locator("main textarea").all():
        each.fill("Samen bereiken wij wie digitaal niet mee is, in elke gemeente van ons werkingsgebied.")
    player.press("Strategie bewaren")
    player.open(f"{number}/files")
    for each in player.tab.locator("main input[type=file]").all():
        each.set_input_files({"name": "ondertekend.pdf", "mimeType": "application/pdf", "buffer": PDF})
    player.press("Bestanden opladen")
    player.open(number).press("Strategie indienen")
    assert not player.problems(), player.problems()
    return number


def recognise(player, number):
    """A case officer reads the strategy and recognises it, with a reason."""
    player.become("Mieke Hendrickx").open(number).fill(reason="Volledig en getekend.").press("Strategie erkennen")
    assert not player.problems(), player.problems()
