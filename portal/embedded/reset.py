"""``make reset``: delete the data of ``make run``, and say what was deleted."""

import shutil
import sys
from pathlib import Path

from portal.embedded import postgres, process, valkey
from portal.embedded.data_folder import owned
from portal.embedded.errors import ServicesError
from portal.embedded.run import DATA
from portal.embedded.system import postgres_account, reachable_folder


def reset(wanted: Path) -> list[Path]:
    """Delete everything in this folder, and in its twin where PostgreSQL's data had to live elsewhere.

    Answers what was deleted. Raises ServicesError where the portal runs on it.
    """
    if not wanted.exists():
        return []
    folder = reachable_folder(wanted, postgres_account())
    removed: list[Path] = []
    with owned(folder):
        process.stop_leftover(folder / "postgres.process", postgres.STOP)
        process.stop_leftover(folder / "valkey.process", valkey.STOP)
        for path in sorted({*folder.iterdir(), *wanted.iterdir()}):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
            removed.append(path)
    return removed


def main() -> int:
    try:
        removed = reset(DATA)
    except ServicesError as error:
        print(error, file=sys.stderr)
        return 1
    for path in removed:
        print(f"Deleted {path}")
    print("The next make run begins afresh." if removed else "There was nothing to delete.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
