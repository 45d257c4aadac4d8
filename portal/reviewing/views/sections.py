"""The frozen answers as a reviewer reads them: without contacts, and in a blind round without names."""

from __future__ import annotations

from portal.applications.answers_shown import ShownSection
from portal.applications.blinding import blind_for, blinded
from portal.applications.dossiers import dossier_of
from portal.applications.queries import get_application
from portal.applications.reading import read_snapshot, without_contacts
from portal.reviewing.dossier import Frozen
from portal.reviewing.models import Review


def sections_for(review: Review, frozen: Frozen) -> list[ShownSection]:
    """Return the frozen answers; contact persons and account numbers are left out: a review needs neither."""
    application = get_application(review.application.reference)
    dossier = dossier_of(application)
    shown = read_snapshot(application, dossier, frozen.content)
    if review.is_blind:
        return blinded(shown, dossier.form, blind_for(application, dossier.form, frozen.content))
    return without_contacts(shown, dossier.form)
