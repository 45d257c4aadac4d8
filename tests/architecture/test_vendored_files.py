"""What others made lies in the portal unchanged since it was taken in, with its licence beside it."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent.parent.parent / "portal/static"
VENDORED = ("fonts", "vendor")


def _listed() -> dict[str, str]:
    lines = (STATIC / "VENDORED.sha256").read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def test_every_vendored_file_has_the_hash_it_came_with() -> None:
    found = {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in VENDORED
        for path in sorted((STATIC / folder).rglob("*"))
        if path.is_file()
    }
    assert found == _listed(), "on purpose? then: cd portal/static && sha256sum fonts/* vendor/*/* > VENDORED.sha256"


def test_every_vendored_folder_carries_its_licence() -> None:
    folders = {(STATIC / path).parent for path in _listed()}
    assert [folder for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_vendored_styles_reach_no_other_host() -> None:
    for path in (STATIC / "vendor").rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        assert "@font-face" not in css
        assert "@import" not in css
        assert "url(http" not in css
