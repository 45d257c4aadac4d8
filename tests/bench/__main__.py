"""``make bench``: fill a round with 200, 2,000 and 10,000 applications and measure the pages people wait for.

``python -m tests.bench [size …]`` prints a table for each size, and leaves all figures in ``var/bench.json``; with the
word ``exports`` it measures only what workers write, with ``messages`` only mail (figures in ``var/bench-messages.json``).
Nothing here asserts a time: machines differ. Two ratios mean
something on any of them: a page beside the floor of the same run, and the page at 10,000 beside the same page at 200.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from portal.embedded.services import Services, start_services
from portal.embedded.system import temporary_folder
from tests.application import app_for_tests, migrate, settings_for_tests
from tests.bench.assignment import measure_assignments
from tests.bench.client import Browser
from tests.bench.fill import REVIEWS_EACH, fill
from tests.bench.measure import Figures, measure, measured_apart
from tests.bench.messages import measure_messages
from tests.bench.pages import pages
from tests.bench.server import SummerClock
from tests.services import Database, cloned_database

ROOT = Path(__file__).resolve().parents[2]
SIZES = (200, 2_000, 10_000)
RESULT = ROOT / "var" / "bench.json"
MESSAGES_RESULT = ROOT / "var" / "bench-messages.json"
RANKING_AIMS = {"full ranking from the scores": 400}  # milliseconds, of 10,000
Row = dict[str, object]


def main(arguments: list[str]) -> int:
    """Measure every size (all of them by default) and print what came out."""
    sizes = [int(each) for each in arguments if each.isdecimal()] or list(SIZES)
    pages_too = "exports" not in arguments
    RESULT.parent.mkdir(exist_ok=True)
    if pages_too:
        MESSAGES_RESULT.write_text(json.dumps(measure_messages(tuple(sizes)), indent=2))
    if "messages" in arguments:
        return 0
    if pages_too:
        measure_assignments()
    folder = temporary_folder()
    results: dict[int, dict[str, Row]] = {}
    try:
        with start_services(folder, durable=True) as services:
            for size in sizes:
                with cloned_database(services, f"portal_bench_{size}", migrate) as database:
                    results[size] = _measured(services, database, size, folder, pages_too=pages_too)
    finally:
        shutil.rmtree(folder)
    RESULT.write_text(json.dumps(results, indent=2))
    _compare(results)
    return 0


def _measured(services: Services, database: Database, size: int, folder: Path, *, pages_too: bool) -> dict[str, Row]:
    storage = folder / f"files-{size}"
    storage.mkdir()
    app = app_for_tests(
        settings_for_tests(database, redis_url=services.redis_url, storage=storage), clock=SummerClock()
    )
    serializer = app.session_interface.get_signing_serializer(app)
    began = time.monotonic()
    with app.app_context():
        filled = fill(database.owner_url, size)
    print(f"\n{size} applications in review, filled in {time.monotonic() - began:.0f} s", flush=True)
    rows = _exports(services, database, size, storage, filled.review_round)
    if not pages_too:
        return rows
    rows |= _rankings(_environment(services, database, storage), filled.review_round)
    _print("page", "median ms", "p95 ms", "a second at 8", "statements", "bytes", "aim ms")
    with _server(services, database, storage) as base:
        for page in pages(base, lambda token: serializer.dumps({"sign_in": token, "_permanent": True}), filled):
            figures: Figures = measure(page.make_asker, page.times)
            rows[page.name] = {**asdict(figures), "aim_ms": page.aim_ms}
            aim = page.aim_ms or ""
            _print(
                page.name, figures.median_ms, figures.p95_ms, figures.per_second, figures.statements, figures.size, aim
            )
    return rows


def _exports(services: Services, database: Database, size: int, storage: Path, code: str) -> dict[str, Row]:
    """Measure what a worker writes of the round, and the floors of the libraries, each in a process of its own."""
    env = _environment(services, database, storage)
    reviews = str(size * REVIEWS_EACH)
    _print("export", "s", "s of processor", "MB more at most", "statements", "bytes", "aim s")
    rows: dict[str, Row] = {}
    for name, what, argument, aim in (
        ("round XLSX", "round", code, 10),
        (f"floor: {reviews} rows, XlsxWriter", "xlsxwriter", reviews, ""),
        (f"floor: {reviews} rows, openpyxl", "openpyxl", reviews, ""),
        (f"floor: {size} rows, XlsxWriter alone", "plain", str(size), ""),
    ):
        found = measured_apart("exports", [what, argument], env)
        rows[name.split(":")[0] + name.rpartition(",")[2]] = {**found, "median_ms": found["seconds"] * 1000}
        _print(name, found["seconds"], found["cpu"], found["grown_mb"], found["statements"], found["size"], aim)
    return rows


def _rankings(env: dict[str, str], code: str) -> dict[str, Row]:
    """Measure the ranking from the scores, beside reading one score of each review and a statement written by hand."""
    _print("ranking", "median ms", "least ms", "statements", "aim ms")
    rows: dict[str, Row] = measured_apart("ranking", [code], env)
    for name, found in rows.items():
        _print(name, found["median_ms"], found["least_ms"], found["statements"], RANKING_AIMS.get(name, ""))
    return rows


def _environment(services: Services, database: Database, storage: Path) -> dict[str, str]:
    return {
        "PORTAL_BENCH_DATABASE": database.app_url,
        "PORTAL_BENCH_REDIS": services.redis_url,
        "PORTAL_BENCH_STORAGE": str(storage),
    }


@contextmanager
def _server(services: Services, database: Database, storage: Path) -> Iterator[str]:
    """Gunicorn with the sizes of ``make run``, until the measuring is done."""
    with socket.create_server(("127.0.0.1", 0)) as held, (storage / "server.log").open("w") as log:
        base = f"http://127.0.0.1:{held.getsockname()[1]}"
        env = {**os.environ, **_environment(services, database, storage)}
        command = [sys.executable, "-m", "gunicorn", "tests.bench.server:make()", "--bind", f"fd://{held.fileno()}"]
        sizes = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning"]
        server = subprocess.Popen(
            [*command, *sizes, "--no-control-socket"],
            cwd=ROOT,
            env=env,
            pass_fds=(held.fileno(),),
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(base)
            yield base
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(base: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            Browser(base).get("/healthz")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _compare(results: dict[int, dict[str, Row]]) -> None:
    """Print each page's time at the largest size beside the smallest, and whether its statements grew."""
    if len(results) < 2:
        return
    small, large = min(results), max(results)
    print(f"\n{large} beside {small}")
    _print("page", "ratio", "statements then", "now", "", "", "")
    for name, row in results[large].items():
        before = results[small][name]
        ratio = round(float(str(row["median_ms"])) / float(str(before["median_ms"])), 2)
        _print(name, ratio, before["statements"], row["statements"], "", "", "")


def _print(name: object, *figures: object) -> None:
    print(f"{name!s:34}" + "".join(f"{each!s:>16}" for each in figures), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
