"""The named cast of the demo and of every test. People and organisations are fictitious; addresses end in .example.

Enterprise numbers pass the check formula and lie in a stretch that was never assigned (1999.000.1xx to 1999.099.9xx).
"""

from __future__ import annotations

from portal.core.actor import Right, Role
from portal.core.text import Text
from portal.demo.people import DemoMandate, DemoOrganisation, DemoPartnership, DemoPerson

ORGANISATIONS = (
    DemoOrganisation("noordheide", "Streekvereniging Noordheide", "other_government", "1999000150", "13014"),
    DemoOrganisation("de-brem", "Welzijnshuis De Brem vzw", "civil_society", "1999000249", "13014"),
    DemoOrganisation("de-lus", "Kringloop De Lus cv", "company", "1999000348", "13002"),
    DemoOrganisation("noordkant", "Hogeschool Noordkant", "knowledge_institution", "1999001041", "13040"),
    DemoOrganisation("de-vennen", "Bibliotheeknetwerk De Vennen", "local_government", "1999002526", "13037"),
    DemoOrganisation("digipunt-leie", "Digipunt Leie vzw", "civil_society", "1999013711", "34022"),
    DemoOrganisation("het-anker", "Buurtwerk Het Anker vzw", "civil_society", "1999099922", "11002"),
)

PARTNERSHIPS = (
    DemoPartnership(
        "noordheide",
        "Digibank Noordheide",
        promotor="noordheide",
        core=("de-brem", "de-lus", "noordkant"),
        network=("de-vennen",),
        service_area=("13001", "13002", "13014", "13023", "13035", "13037"),
    ),
    DemoPartnership(
        "leieboord",
        "Digibank Leieboord",
        promotor="digipunt-leie",
        core=("hogeschool-leiekant", "taalhuis-de-veerman"),
        service_area=("34022", "34040"),
    ),
    DemoPartnership(
        "kanaalkom",
        "Digibank Kanaalkom",
        promotor="het-anker",
        core=("ontmoetingshuis-de-sluis",),
        service_area=("11002",),
    ),
)

APPLICANTS = (
    DemoPerson(
        "eva",
        "Eva Claes",
        "eva.claes@noordheide.example",
        mandates=(DemoMandate("noordheide", Right.LEAD),),
        part=Text(
            "organisatieverantwoordelijke van de promotor, met een aanvraag die bijna klaar is",
            "may sign for the lead partner, with an application that is nearly ready",
        ),
    ),
    DemoPerson(
        "lotte",
        "Lotte Verhaegen",
        "lotte.verhaegen@noordheide.example",
        mandates=(DemoMandate("noordheide", Right.STAFF), DemoMandate("digipunt-leie", Right.STAFF)),
        part=Text(
            "medewerker van de promotor, ook partner elders", "works for the lead partner, also a partner elsewhere"
        ),
    ),
    DemoPerson(
        "nadia",
        "Nadia Wouters",
        "nadia.wouters@noordheide.example",
        mandates=(DemoMandate("noordheide", Right.READER),),
        part=Text("lezer bij de promotor", "reads for the lead partner"),
    ),
    DemoPerson(
        "karim",
        "Karim Aznag",
        "karim.aznag@de-brem.example",
        mandates=(DemoMandate("de-brem", Right.LEAD),),
        part=Text("partner, Welzijnshuis De Brem", "partner, Welzijnshuis De Brem"),
    ),
    DemoPerson(
        "tom",
        "Tom Jacobs",
        "tom.jacobs@de-lus.example",
        mandates=(DemoMandate("de-lus", Right.LEAD),),
        part=Text("partner, Kringloop De Lus", "partner, Kringloop De Lus"),
    ),
    DemoPerson(
        "ines",
        "Ines Peeters",
        "ines.peeters@noordkant.example",
        language="en",
        mandates=(DemoMandate("noordkant", Right.LEAD),),
        part=Text(
            "partner met nog een attest te bezorgen, Hogeschool Noordkant (leest Engels)",
            "partner with an attest still to give, Hogeschool Noordkant (reads English)",
        ),
    ),
    DemoPerson(
        "bram",
        "Bram Coppens",
        "bram.coppens@de-vennen.example",
        mandates=(DemoMandate("de-vennen", Right.LEAD),),
        part=Text("netwerkpartner, Bibliotheeknetwerk De Vennen", "network partner, Bibliotheeknetwerk De Vennen"),
    ),
    DemoPerson(
        "hilde",
        "Hilde Maertens",
        "hilde.maertens@digipunt-leie.example",
        mandates=(DemoMandate("digipunt-leie", Right.LEAD),),
        part=Text(
            "organisatieverantwoordelijke van Digipunt Leie, met een aanvraag om in te dienen",
            "may sign for Digipunt Leie, with an application to submit",
        ),
    ),
    DemoPerson(
        "yannick",
        "Yannick Smets",
        "yannick.smets@het-anker.example",
        mandates=(DemoMandate("het-anker", Right.LEAD, is_confirmed=False),),
        part=Text("begint een aanvraag, recht nog niet bevestigd", "begins an application, right not yet confirmed"),
    ),
    DemoPerson(
        "ruben",
        "Ruben Geerinck",
        "ruben.geerinck@buitenstaander.example",
        part=Text("nieuw, zonder organisatie", "new, without an organisation"),
    ),
    DemoPerson(
        "naima-roosen",
        "Naima Roosen",
        "naima.roosen@buurthuis-de-kiekendief.example",
        mandates=(DemoMandate("buurthuis-de-kiekendief", Right.LEAD),),
        part=Text(
            "organisatieverantwoordelijke van een promotor die geweigerd werd en herziening kan vragen",
            "may sign for a lead partner that was refused and can ask for a review",
        ),
    ),
)

REVIEWERS = (
    DemoPerson(
        "joris",
        "Joris Wuyts",
        "joris.wuyts@beoordelaar.example",
        roles=(Role.REVIEWER,),
        part=Text("beoordelaar, met een uitnodiging en begonnen werk", "reviewer, with an invitation and work begun"),
    ),
    DemoPerson(
        "amina",
        "Amina El Idrissi",
        "amina.elidrissi@beoordelaar.example",
        roles=(Role.REVIEWER,),
        part=Text("beoordelaar, ook in een ronde zonder namen", "reviewer, also in a round without names"),
    ),
    DemoPerson(
        "pieter",
        "Pieter Vandenbroeck",
        "pieter.vandenbroeck@beoordelaar.example",
        language="en",
        roles=(Role.REVIEWER,),
        part=Text("beoordelaar (leest Engels)", "reviewer (reads English)"),
    ),
    DemoPerson(
        "leen",
        "Leen Goossens",
        "leen.goossens@beoordelaar.example",
        roles=(Role.REVIEWER,),
        part=Text("beoordelaar", "reviewer"),
    ),
    DemoPerson(
        "wouter",
        "Wouter Desmet",
        "wouter.desmet@noordkant.example",
        roles=(Role.REVIEWER,),
        mandates=(DemoMandate("noordkant", Right.READER),),
        part=Text(
            "beoordelaar met een belangenconflict (Hogeschool Noordkant)",
            "reviewer with a conflict of interest (Hogeschool Noordkant)",
        ),
    ),
)

STAFF = (
    DemoPerson(
        "mieke",
        "Mieke Hendrickx",
        "mieke.hendrickx@departement.example",
        roles=(Role.CASE_OFFICER,),
        part=Text("dossierbehandelaar", "case officer"),
    ),
    DemoPerson(
        "stijn",
        "Stijn Bogaert",
        "stijn.bogaert@departement.example",
        roles=(Role.CASE_OFFICER,),
        part=Text("dossierbehandelaar", "case officer"),
    ),
    DemoPerson(
        "sofie",
        "Sofie De Backer",
        "sofie.debacker@departement.example",
        roles=(Role.ADMINISTRATOR,),
        part=Text("beheerder, bereidt beslissingen voor", "administrator, prepares decisions"),
    ),
    DemoPerson(
        "dirk",
        "Dirk Lambrechts",
        "dirk.lambrechts@departement.example",
        roles=(Role.ADMINISTRATOR,),
        part=Text("beheerder, bevestigt en publiceert", "administrator, confirms and publishes"),
    ),
    DemoPerson(
        "greet",
        "Greet Aerts",
        "greet.aerts@audit.example",
        roles=(Role.AUDITOR,),
        part=Text("auditor", "auditor"),
    ),
)

PEOPLE = APPLICANTS + REVIEWERS + STAFF


def person(key: str) -> DemoPerson:
    """The person of the named cast with this key; raises KeyError when there is none."""
    for each in PEOPLE:
        if each.key == key:
            return each
    raise KeyError(key)


def organisation(key: str) -> DemoOrganisation:
    """The organisation of the named cast with this key; raises KeyError when there is none."""
    for each in ORGANISATIONS:
        if each.key == key:
            return each
    raise KeyError(key)
