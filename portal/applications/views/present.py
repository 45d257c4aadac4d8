"""Who else writes in an application now, in words."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.applications.models import Application
from portal.core.filters import enumeration
from portal.core.presence import Presence, Present


def presence() -> Presence:
    """Return who is where in this portal."""
    found: Presence = current_app.extensions["portal.presence"]
    return found


def room_of(application: Application) -> str:
    """Return the room in which those who write the application meet."""
    return f"application:{application.id}"


def presence_words(others: Sequence[Present], code: str) -> str:
    """Return who else is here, in one sentence; empty where nobody is."""
    same = [each.name for each in others if each.place == code]
    elsewhere = [f"{each.name} ({each.place})" for each in others if each.place != code]
    said = []
    if same:
        said.append(
            ngettext(
                "%(who)s is writing in this section.",
                "%(who)s are writing in this section.",
                len(same),
                who=enumeration(same),
            )
        )
    if elsewhere:
        said.append(_("In other sections: %(who)s.", who=enumeration(elsewhere)))
    return " ".join(said)
