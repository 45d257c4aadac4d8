"""What every reviewer declares once a calendar year, before accepting a review. The text is our own."""

from __future__ import annotations

from portal.core.digests import canonical, digest
from portal.core.text import Text

POINTS: tuple[Text, ...] = (
    Text(
        "Ik beoordeel elke aanvraag zelf, onafhankelijk en alleen op de criteria van de oproep.",
        "I judge every application myself, independently and on the criteria of the call alone.",
    ),
    Text(
        "Ik meld meteen elk belangenconflict: een band, nu of sinds de vorige indieningsronde, met een organisatie "
        "van het samenwerkingsverband of met wie er werkt. Ik beoordeel die aanvraag dan niet.",
        "I report every conflict of interest at once: a tie, now or since the round before, with an organisation of the "
        "partnership or with the people who work there. I then do not review that application.",
    ),
    Text(
        "Ik houd vertrouwelijk wat ik lees en schrijf, ook na de beoordeling. Ik deel het met niemand buiten de "
        "beoordelaars van die aanvraag en de dossierbehandelaar.",
        "I keep what I read and write confidential, also afterwards. I share it with nobody but the reviewers of that "
        "application and the case officer.",
    ),
    Text(
        "Ik leg geen tekst van een aanvraag voor aan een dienst die hem kan bewaren of hergebruiken, en ik laat mijn "
        "beoordeling niet door iemand anders of door software schrijven.",
        "I put no text of an application into a service that may keep or reuse it, and I have my review written neither "
        "by somebody else nor by software.",
    ),
    Text(
        "Ik bewaar geen aanvragen of bijlagen langer dan nodig is om te beoordelen.",
        "I keep no applications or attachments longer than reviewing takes.",
    ),
)


def points_in(language: str) -> list[str]:
    """Return the points of the declaration in the page's language."""
    return [each.in_language(language) for each in POINTS]


def text_digest(language: str) -> str:
    """Return the SHA-256 of the text as somebody read it: another text gives another digest."""
    return digest(canonical({"points": points_in(language)}))
