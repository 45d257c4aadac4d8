"""``flask --app wsgi mail bounce``: a mail server's pipe hands over what came back."""

from __future__ import annotations

import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.core.actor import system_actor
from portal.core.context import Ctx
from portal.core.db import db
from portal.notifications.links import Links
from portal.notifications.sending.bounces import LARGEST, NotABounce, read_bounce
from portal.notifications.sending.reach import note_bounce

NOT_FOR_US = 65  # EX_DATAERR of sysexits.h


@click.group("mail")
def mail() -> None:
    """What a mail server hands over."""


@mail.command("bounce")
@with_appcontext
def bounce() -> None:
    """Read one delivery status notification from standard input, and note which message came back.

    Says one word, and never an address: ``bounced``, ``delayed`` or ``unknown`` (exit 0); 65 for anything else.
    """
    try:
        found = read_bounce(sys.stdin.buffer.read(LARGEST + 1))
    except NotABounce as refusal:
        click.echo(f"refused: {refusal}", err=True)
        sys.exit(NOT_FOR_US)
    settings = current_app.extensions["portal.settings"]
    now: datetime = current_app.extensions["portal.clock"].now()
    links = Links(current_app.url_map, settings.base_url, settings.secret_key)
    said = note_bounce(Ctx(now, system_actor("mail")), found, links)
    db.session.commit()
    current_app.extensions["portal.after_commit"]()
    click.echo(said)
