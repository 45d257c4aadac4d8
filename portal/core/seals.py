"""The seal on a form: for whom we drew it, so that nobody can leave a text in somebody else's name."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

LONGEST = 7 * 24 * 3600  # seconds: a page that was left open over a long weekend


def seal_of(person_id: int | None, *place: str) -> str:
    """Return the seal of the form at ``place`` (its subject, then the part of it) that is drawn for this person."""
    return str(_sealer().dumps([person_id, *place]))


def sealed_for(seal: str, *place: str) -> int | None:
    """Return for whom the form at ``place`` was drawn; None where the seal is not ours, or too old."""
    try:
        person_id, *sealed = _sealer().loads(seal, max_age=LONGEST)
    except (BadSignature, TypeError, ValueError):
        return None
    return person_id if sealed == list(place) and isinstance(person_id, int) else None


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="section-form")
