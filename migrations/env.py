"""Run the migrations as the owner of the tables; web and workers use a role that owns nothing."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.core.db import Base

settings = current_app.extensions["portal.settings"]


def number_next_revision(_context, _revision, directives):
    """Give a new migration the next four-digit number."""
    if directives and directives[0].head is not None:
        directives[0].rev_id = f"{int(directives[0].head.lstrip('^') or 0) + 1:04d}"


def run() -> None:
    connectable = sa.create_engine(settings.database_owner_url or settings.database_url, poolclass=sa.pool.NullPool)
    with connectable.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=False,
            process_revision_directives=number_next_revision,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
