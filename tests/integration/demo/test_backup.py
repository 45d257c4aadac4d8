"""A backup of the whole demo, restored into an empty database and folder: everything is back, and guarded as before."""

import json
import re
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from portal.core.actor import system_actor
from portal.core.clock import machine_now
from portal.core.context import Ctx
from portal.core.db import db
from portal.core.files import REMOVING
from portal.core.heartbeat import Heartbeat
from portal.core.job_making import expire_jobs
from portal.embedded.postgres import OWNER
from portal.operations.figures import BACKUP
from tests.application import app_for_tests, settings_for_tests
from tests.services import database_named, worker_number

pytestmark = pytest.mark.timeout(300)

GUARDS = """
SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname || pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT 'grant', oid::regclass::text, relacl::text || relowner::regrole::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
UNION ALL SELECT 'default', defaclrole::regrole::text, defaclacl::text FROM pg_default_acl
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2, 3
"""


@pytest.fixture(scope="module")
def archive(demo, tmp_path_factory):
    """One backup for all tests."""
    path = tmp_path_factory.mktemp("backup") / "portal.tar"
    said = demo.test_cli_runner().invoke(args=["backup", str(path)])
    assert said.exit_code == 0, said.output
    return path


@pytest.fixture
def empty(services, demo, redis_url, tmp_path):
    """The portal on a database and a folder that hold nothing."""
    name = f"portal_restored_{worker_number()}"
    with psycopg.connect(services.superuser_url, autocommit=True) as hand:
        made, owner = sql.Identifier(name), sql.Identifier(OWNER)
        hand.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(made, owner))
        database = database_named(services, name)
        settings = settings_for_tests(database, redis_url=redis_url, storage=tmp_path / "files")
        app = app_for_tests(
            replace(settings, mode=demo.extensions["portal.settings"].mode, mail_store=tmp_path / "mail")
        )
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.extensions["portal.clock"].dispose()
        hand.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))


def restore(app, path):
    said = app.test_cli_runner().invoke(args=["restore", str(path)])
    return said.exit_code, said.output


def asked(app, *statements):
    with psycopg.connect(app.extensions["portal.settings"].database_owner_url) as owner:
        return [row for each in statements for row in owner.execute(each).fetchall()]


def guards(app):
    """Constraints, triggers, indexes and grants; PostgreSQL writes fewer brackets into a dump than it was given."""
    return [(kind, on, re.sub("[()]", "", text or "")) for kind, on, text in asked(app, GUARDS)]


def counted(app):
    tables = sorted(name for (name,) in asked(app, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    numbers = asked(app, *(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)) for name in tables))
    return dict(zip(tables, numbers, strict=True))


def test_everything_comes_back_and_check_finds_no_fault(demo, archive, empty):
    code, output = restore(empty, archive)
    assert (code, output.splitlines()[-1][:9]) == (0, "0 faults;"), output
    before, after = counted(demo), counted(empty)
    assert before.pop("heartbeat") != after.pop("heartbeat"), "the sign of the backup comes after it"
    assert before == after
    assert before["event"] > (100,)
    assert guards(demo) == guards(empty)
    storage = empty.extensions["portal.settings"].storage_path
    files = asked(empty, "SELECT count(*) FROM stored_file")
    assert [(sum(each.is_file() for each in storage.rglob("*")),)] == files
    with psycopg.connect(empty.extensions["portal.settings"].database_url) as application:
        for statement in ("UPDATE event SET topic = 'x'", "DELETE FROM event", "TRUNCATE event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)
            application.rollback()
    visitor = empty.test_client()
    assert "B-2022-1" in visitor.get("/results").text


def test_what_is_there_already_is_never_written_over(demo, archive, empty, tmp_path):
    code, output = restore(demo, archive)
    assert (code, "not empty" in output) == (1, True), output
    folder = empty.extensions["portal.settings"].storage_path
    folder.mkdir()
    (folder / "somebodys-file").write_text("x", encoding="utf-8")
    code, output = restore(empty, archive)
    assert (code, "not empty" in output) == (1, True), output
    again = demo.test_cli_runner().invoke(args=["backup", str(archive)])
    assert (again.exit_code, "is there already" in again.output) == (1, True)


def with_one_byte_changed(archive, path):
    """The same archive, with one file of it altered."""
    with tarfile.open(archive) as tar, tarfile.open(path, "w") as out:
        for number, member in enumerate(tar.getmembers()):
            content = tar.extractfile(member).read()
            out.addfile(member, BytesIO(content[:-1] + b"?" if number == 3 else content))
    return path


def test_an_altered_archive_is_refused_before_anything_is_written(archive, empty, tmp_path):
    code, output = restore(empty, with_one_byte_changed(archive, tmp_path / "altered.tar"))
    assert (code, "was altered" in output) == (1, True), output
    (tmp_path / "no.tar").write_bytes(b"no tar at all")
    code, output = restore(empty, tmp_path / "no.tar")
    assert (code, "cannot be read" in output) == (1, True), output
    assert asked(empty, "SELECT relname FROM pg_class WHERE relname = 'event'") == []
    assert not empty.extensions["portal.settings"].storage_path.exists()


def test_the_manifest_names_what_is_in_it_and_nobody_else_may_read_it(demo, archive):
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        assert manifest["sha256"].keys() == {each.name for each in tar.getmembers()} - {"manifest.json"}
    assert manifest["files_in"] == "archive"
    assert len(manifest["sha256"]) == asked(demo, "SELECT count(*) FROM stored_file")[0][0] + 1
    assert not list(Path(archive.parent).glob("*.part"))


def test_a_whole_backup_leaves_its_sign_and_one_with_a_lost_file_does_not(demo, archive, tmp_path):
    def sign():
        with demo.app_context():
            return db.session.scalar(sa.select(Heartbeat.seen_at).where(Heartbeat.name == BACKUP))

    first = sign()
    assert first <= machine_now()
    folder = demo.extensions["portal.settings"].storage_path
    lost = next(each for each in folder.glob("[0-9a-f][0-9a-f]/*") if each.is_file())
    shutil.move(lost, tmp_path / "lost")
    said = demo.test_cli_runner().invoke(args=["backup", str(tmp_path / "second.tar")])
    shutil.move(tmp_path / "lost", lost)
    assert (said.exit_code, f"file {lost.name} is gone" in said.output) == (1, True), said.output
    assert (tmp_path / "second.tar").exists(), "the rest is worth having"
    assert sign() == first


def test_no_file_is_deleted_while_a_backup_reads(demo):
    url = demo.extensions["portal.settings"].database_owner_url
    with psycopg.connect(url) as reading, demo.app_context():
        reading.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [REMOVING])
        ctx = Ctx(machine_now(), system_actor("test"))
        with _removed_nothing(demo):
            assert expire_jobs(demo, ctx) == 0


@contextmanager
def _removed_nothing(demo):
    folder = demo.extensions["portal.settings"].storage_path
    before = set(folder.rglob("*"))
    yield
    assert set(folder.rglob("*")) == before
