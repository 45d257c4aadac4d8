"""Console commands: ``flask --app wsgi init | appoint ADDRESS | check | verify round CODE | mail bounce | backup TO | restore FROM | workflows``."""

from __future__ import annotations

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from portal.accounts.commands.people import set_roles
from portal.accounts.queries import find_person_by_email
from portal.applications.papers import altered_papers
from portal.applications.snapshot import altered_snapshots
from portal.calls.commands.catalogue import load_programmes
from portal.calls.queries import get_round
from portal.core.actor import Role, system_actor
from portal.core.chain import breaks_in_chain, count_unchained
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.guards import guards_that_are_off
from portal.core.health import head_revision
from portal.core.job_making import altered_results
from portal.decisions.check import altered_decisions, altered_letters
from portal.decisions.verification import is_identical, verify_round
from portal.notifications.console import mail
from portal.operations.archive import BadArchive, reading
from portal.operations.backup import back_up, restore
from portal.operations.postgres_programs import CannotBackUp
from portal.places.commands import load_places
from portal.reviewing.check import altered_figures
from portal.workflows import draw


def cli_ctx() -> Ctx:
    """Return the context of a console command, in domain time."""
    now: datetime = current_app.extensions["portal.clock"].now()
    return Ctx(now, system_actor("cli"))


@click.command("init")
@with_appcontext
def init() -> None:
    """Bring the database to its newest form and load what every portal needs."""
    upgrade()
    municipalities = load_places(cli_ctx())
    calls = load_programmes(cli_ctx())
    db.session.commit()
    print(f"The database is ready; it knows {municipalities} municipalities and {calls} calls.")
    if current_app.extensions["portal.settings"].is_demo and import_module("portal.demo.world").load_world():
        print("The demo's world is loaded.")


@click.command("appoint")
@click.argument("address")
@with_appcontext
def appoint(address: str) -> None:
    """Make the person with ADDRESS, who registered and confirmed it, an administrator: the first, or when none is left."""
    person = find_person_by_email(address)
    if person is None or person.email_confirmed_at is None:
        sys.exit(f"Nobody registered with {address} and confirmed that address.")
    set_roles(cli_ctx(), person, frozenset({*map(Role, person.roles), Role.ADMINISTRATOR}))
    db.session.commit()
    print(f"{person.name} is an administrator.")


@click.command("check")
@with_appcontext
def check() -> None:
    """Verify the event chain, the digests of snapshots, PDFs, letters and exports, stored totals, rankings and outcomes, and that no constraint or trigger is off; exit 1 on a fault."""
    found = [f"event {each.event_id} (link {each.position}): {each.reason}" for each in breaks_in_chain()]
    found += [f"snapshot {number} of {reference}: its text was altered" for reference, number in altered_snapshots()]
    found += altered_papers(current_app.extensions["portal.storage"])
    found += altered_results(current_app.extensions["portal.storage"])
    found += altered_figures()
    found += altered_decisions()
    found += altered_letters(current_app.extensions["portal.storage"])
    found += guards_that_are_off()
    for line in found:
        print(line)
    print(f"{len(found)} faults; {count_unchained()} events not chained yet")
    if found:
        sys.exit(1)


@click.group("verify")
def verify() -> None:
    """Decide something again from its evidence, and compare."""


@verify.command("round")
@click.argument("code")
@with_appcontext
def verify_one(code: str) -> None:
    """Recompute the published round CODE: say identical, or what differs and exit 1."""
    try:
        round_ = get_round(code)
        steps = verify_round(round_)
    except NotFound:
        sys.exit(f"There is no ranked round {code}.")
    broken = [f"event {each.event_id} (link {each.position}): {each.reason}" for each in breaks_in_chain()]
    print(f"{len(broken):>6} breaks in the event log's chain ({count_unchained()} events not chained yet)")
    for line in broken:
        print(f"       {line}")
    for step in steps:
        print(f"{step.count:>6} {step.what.lower()}: {'differs' if step.differences else 'identical'}")
        for each in step.differences:
            print(f"       {each % each.params}")
    if broken or not is_identical(steps):
        sys.exit(f"Round {code} differs from its evidence.")
    print(f"Round {code}: identical.")


@click.command("backup")
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(to: Path) -> None:
    """Write the database and the stored files, as of one moment, to the new tar file TO; exit 1 where files are wrong."""
    try:
        made = back_up(current_app, to)
    except CannotBackUp as fault:
        sys.exit(str(fault))
    print(f"{to}: {made.size:,} bytes, the database and {made.files} files.")
    for each in made.faults:
        print(each)
    if made.faults:
        sys.exit("The backup holds everything else. It is not recorded as whole.")


@click.command("restore")
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.pass_context
@with_appcontext
def restore_from(click_context: click.Context, archive: Path) -> None:
    """Put the backup ARCHIVE into an empty database and an empty folder, then verify all of it as ``check`` does."""
    try:
        with reading(archive) as reader:
            files, manifest = restore(current_app, reader), reader.manifest
    except (BadArchive, CannotBackUp, OSError) as fault:
        sys.exit(str(fault))
    print(f"The database of {manifest.made_at} and {files} files are back.")
    if manifest.revision != head_revision():
        sys.exit(f"It stands at migration {manifest.revision}: run flask init, then flask check.")
    click_context.invoke(check)


@click.command("workflows")
def workflows() -> None:
    """Draw the pages of docs/workflows anew from the workflows' tables."""
    print(f"docs/workflows holds {draw()} workflows.")


def install(app: Flask) -> None:
    """Register the commands."""
    for command in (init, appoint, check, verify, mail, backup, restore_from, workflows):
        app.cli.add_command(command)
