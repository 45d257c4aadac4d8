"""The message catalogue: one plain .po a domain in `src/nl_BE`, merged and compiled where the portal looks for it.

English is the source language, so it needs no catalogue. `python -m portal.translations.build` compiles and names what
has no Dutch yet, ready to be pasted into a .po; it exits with 1 while something is missing or wrong.
"""

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
SOURCES: Final = HERE / "src" / "nl_BE"
COMPILED: Final = HERE / "nl_BE" / "LC_MESSAGES" / "messages.mo"
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "_l": None}

Key = tuple[str | None, str]
"""A message's context and its (first) English text."""

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def source_files() -> list[Path]:
    """The .po files that people edit, one a domain."""
    return sorted(SOURCES.glob("*.po"))


def merged(files: list[Path]) -> Catalog:
    """All messages of `files` in one catalogue, the first file winning; `problems` names disagreements."""
    whole = Catalog(locale="nl_BE", domain="messages", fuzzy=False)
    for file in files:
        for message in _read(file):
            if message.id and message.string and not _known(whole, message):
                whole.add(message.id, message.string, context=message.context)
    return whole


def compile_catalogue() -> Path:
    """Write the compiled catalogue, whole or not at all, and return its path."""
    buffer = io.BytesIO()
    write_mo(buffer, merged(source_files()))
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=COMPILED.parent, delete=False) as file:
        file.write(buffer.getvalue())
    Path(file.name).chmod(0o644)
    return Path(file.name).replace(COMPILED)


def ensure_compiled() -> None:
    """Compile when there is nothing compiled yet or a source is newer: called at boot."""
    newest = max((path.stat().st_mtime for path in [*source_files(), SOURCES]), default=0.0)
    if not COMPILED.exists() or COMPILED.stat().st_mtime < newest:
        compile_catalogue()


def extracted() -> Catalog:
    """Every message that code and templates ask for."""
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel 2.18 has no hints here
    found = Catalog()
    for name, line, ids, _, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(ids, locations=[(name, line)], context=context)
    return found


def untranslated() -> list[Message]:
    """What is asked for and has no Dutch."""
    known = merged(source_files())
    return [message for message in extracted() if message.id and not _known(known, message)]


def problems(files: list[Path]) -> Iterator[str]:
    """What is wrong inside `files`: fuzzy or empty messages, placeholders that differ, two Dutch texts for one."""
    seen: dict[Key, tuple[str, object]] = {}
    for file in files:
        for message in _read(file):
            if not message.id:
                continue
            key = _key(message)
            if message.fuzzy:
                yield f"{file.name}: {key[1]!r} is marked fuzzy"
            if not all(_texts(message.string)):
                yield f"{file.name}: {key[1]!r} has no Dutch"
            elif (wanted := _placeholders(message.id)) != (given := _placeholders(message.string)):
                yield f"{file.name}: {key[1]!r} has {sorted(given)} where the English has {sorted(wanted)}"
            other, string = seen.setdefault(key, (file.name, message.string))
            if string != message.string:
                yield f"{file.name}: {key[1]!r} says {message.string!r}, {other} says {string!r}"


def main() -> int:
    """Compile; print what is missing or wrong, as .po entries and as sentences."""
    compile_catalogue()
    missing = Catalog()
    for message in untranslated():
        missing.add(message.id, locations=message.locations, context=message.context)
    if len(missing):
        buffer = io.BytesIO()
        write_po(buffer, missing, omit_header=True)
        sys.stdout.write(buffer.getvalue().decode())
    wrong = list(problems(source_files()))
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if len(missing) or wrong else 0


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale="nl_BE", domain="messages", abort_invalid=True)


def _key(message: Message) -> Key:
    return message.context, _texts(message.id)[0]


def _known(catalog: Catalog, message: Message) -> bool:
    found = catalog.get(message.id, message.context)
    return found is not None and all(_texts(found.string)) and len(_texts(found.string)) >= len(_texts(message.id))


def _texts(value: object) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [str(value or "")]


def _placeholders(value: object) -> set[str]:
    return {one or other for text in _texts(value) for one, other in _PLACEHOLDER.findall(text)}


if __name__ == "__main__":
    sys.exit(main())
