"""Read the programmes that stand as TOML beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from portal.calls import structure
from portal.calls.definitions import (
    CallDefinition,
    CatalogueCall,
    CatalogueProgramme,
    ProgrammeDefinition,
)
from portal.calls.form_definitions import FormDefinition, QuestionKind

FOLDER = Path(__file__).parent / "programmes"
LANGUAGES = ("nl", "en")
D = TypeVar("D")


def load_programmes(folder: Path = FOLDER) -> tuple[CatalogueProgramme, ...]:
    """Every programme with its calls, forms and documents, by folder name.

    Raises ValueError naming the file and the key where the data does not fit the definitions.
    """
    programmes = tuple(load_programme(path.parent) for path in sorted(folder.glob("*/programme.toml")))
    prefixes = [programme.definition.prefix for programme in programmes]
    if len(set(prefixes)) < len(prefixes):
        raise ValueError(f"{folder}: a programme prefix occurs twice: {', '.join(prefixes)}")
    return programmes


def load_programme(folder: Path) -> CatalogueProgramme:
    """One programme folder; the codes are the names of the folder and of the files."""
    programme = _read(ProgrammeDefinition, folder / "programme.toml", code=folder.name)
    calls = tuple(_load_call(folder, name) for name in programme.calls)
    letters = [call.definition.letter for call in calls]
    if len(set(letters)) < len(letters):
        raise ValueError(f"{folder.name}/programme.toml: a call letter occurs twice: {', '.join(letters)}")
    return CatalogueProgramme(programme, calls)


def _load_call(folder: Path, name: str) -> CatalogueCall:
    path = folder / f"{name}.toml"
    call = _read(CallDefinition, path, code=name)
    form = _read_form(folder / f"{call.form}.toml", call)
    criteria = {criterion.code for criterion in call.criteria}
    for question in form.questions:
        if question.criterion is not None and question.criterion not in criteria:
            raise ValueError(
                f"{_label(folder / f'{call.form}.toml')}: {question.key} speaks to an unknown criterion {question.criterion!r}"
            )
    texts = {
        (document.slug, language): _text(folder / "documents" / f"{document.slug}.{language}.md")
        for document in call.documents
        for language in LANGUAGES
    }
    return CatalogueCall(call, form, texts)


def _read(kind: type[D], path: Path, **named_by_file: str) -> D:
    return structure.read(kind, named_by_file | _parse(path), _label(path))


def _read_form(path: Path, call: CallDefinition) -> FormDefinition:
    """The form, its declarations filled in with the call's own, so that a stored version stands by itself."""
    data = _parse(path)
    for section in data.get("sections", []):
        for question in section.get("questions", []):
            if question.get("kind") == QuestionKind.DECLARATIONS:
                question.setdefault("options", structure.write(call.declarations))
    return structure.read(FormDefinition, {"code": path.stem} | data, _label(path))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{_label(path)}: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ValueError(f"{_label(path)}: this file is missing") from None


def _label(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
