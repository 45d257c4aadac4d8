"""The clock is read in one file, and the database never tells the time."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READS = re.compile(
    r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(|time\.monotonic\(|func\.now\(|CURRENT_TIMESTAMP"
)
MACHINES_OWN = {"portal/core/clock.py"}
LAUNCHER = "portal/embedded/"  # starts processes and waits for them: it has no domain time


def test_only_the_clock_reads_the_clock():
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("portal", "workers", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if READS.search(path.read_text(encoding="utf-8"))
    }
    assert {path for path in readers if not path.startswith(LAUNCHER)} == MACHINES_OWN
