"""A round of complete drafts in the database, whose leads are signed in, and what it holds of each after the rush."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
import sqlalchemy as sa
from flask import Flask

from portal.applications.models import Snapshot, UnsentText
from portal.applications.queries import get_application
from portal.applications.states import State
from portal.core.clock import machine_now
from portal.core.db import db
from portal.core.event_log import list_timeline
from tests.bench.clones import clone_application, sign_in_leads
from tests.faults.rushing import SECTION, Attempt
from tests.world.applications_models import given_complete_draft

SOON = timedelta(seconds=0.2)
DOMAIN = "@bench.example"


@dataclass(frozen=True)
class Kept:
    """What the database holds of one application."""

    is_submitted: bool
    submitted_at: datetime | None
    snapshots: list[Snapshot]
    submissions: int
    refused_at: list[datetime]
    section: str
    unsent: str

    @property
    def stamps(self) -> list[datetime]:
        """When each submission arrived that was decided on: the one that is in, and those that were refused."""
        return [*self.refused_at, *([self.submitted_at] if self.submitted_at else [])]


class ClosingRound:
    """``count`` partnerships' drafts; open until ``close_soon``."""

    def __init__(self, app: Flask, superuser_url: str, count: int) -> None:
        self.app, self.count = app, count
        self._url = superuser_url.replace("postgresql+psycopg", "postgresql")
        with app.app_context():
            model = given_complete_draft()
            self.id, self._model = model.round_id, model.reference
            db.session.remove()
        with psycopg.connect(self._url) as connection:
            clone_application(connection, self._model, count, {})
            sign_in_leads(connection, count)
            self.closes_at = self._close_at(connection, timedelta(days=1))

    def close_soon(self) -> None:
        """Move the deadline to a moment so near that whoever is busy now may be too late.

        Without the portal's own command, which tells everybody by mail. The moment lies ahead when it is committed, or
        a submission could be judged by neither deadline.
        """
        with psycopg.connect(self._url) as connection:
            ahead = SOON
            while (closes_at := self._close_at(connection, ahead)) - machine_now() < ahead / 2:
                ahead *= 2
        self.closes_at = closes_at

    def _close_at(self, connection: psycopg.Connection, ahead: timedelta) -> datetime:
        moment = machine_now() + ahead
        connection.execute("UPDATE round SET closes_at = %s WHERE id = %s", [moment, self.id])
        return moment

    def attempts(self) -> Iterator[Attempt]:
        """Yield what each lead is about to do, with a browser that is signed in."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        for number in range(1, self.count + 1):
            token = f"lead-{self.id}-{number}"
            cookie = serializer.dumps({"sign_in": token, "_permanent": True})
            yield Attempt(f"{self._model}-{number}", token + DOMAIN, cookie, f"Dit schreef {token} het laatst.")

    def kept(self, attempt: Attempt) -> Kept:
        """Read one application; call inside the application's context."""
        application = get_application(attempt.reference)
        assert application.state in (State.DRAFT, State.SUBMITTED)
        events = list_timeline("application", application.id)
        snapshots = sa.select(Snapshot).where(Snapshot.application_id == application.id)
        unsent = sa.select(UnsentText.answers).where(UnsentText.application_id == application.id)
        return Kept(
            application.state is State.SUBMITTED,
            application.submitted_at,
            list(db.session.scalars(snapshots)),
            sum(each.topic == "application.submitted" for each in events),
            [each.occurred_at for each in events if each.topic == "application.submission-refused"],
            str(next(each.answers for each in application.sections if each.code == SECTION)),
            str(list(db.session.scalars(unsent))),
        )
