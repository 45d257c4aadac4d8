"""The calendar of one's own deadlines, behind a secret address: no sign-in, because no calendar program can."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import Response, current_app, request, url_for
from flask_babel import force_locale

from portal.accounts.models import CalendarAddress
from portal.accounts.queries import actor_of, get_calendar_address
from portal.core.policy import PUBLIC_PAGE
from portal.core.requests import LOCALES
from portal.core.web import ctx
from portal.desk.calendar import entries_for, write_calendar
from portal.desk.views.blueprint import bp


def load_calendar(token: str, *, lock: bool = False) -> CalendarAddress:
    key = current_app.extensions["portal.settings"].secret_key
    return get_calendar_address(token, key, lock=lock)


@bp.page("/calendar/<token>.ics", policy=PUBLIC_PAGE, load=load_calendar, limit="60 per minute")
def calendar(address: CalendarAddress) -> Response:
    """Answer with the calendar, or say that nothing changed since it was read."""
    base_url = current_app.extensions["portal.settings"].base_url
    person = address.person
    with force_locale(LOCALES.get(person.language, LOCALES["nl"])):
        entries = entries_for(actor_of(person), ctx().now, address.made_at, url_for(".my_work"))
        body = write_calendar(entries, base_url, urlsplit(base_url).hostname or "localhost")
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Content-Disposition"] = 'inline; filename="digibankportaal.ics"'
    answer.make_conditional(request)
    return answer
