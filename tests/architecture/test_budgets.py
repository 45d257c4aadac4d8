"""Small rooms: no module over 400 lines, function over 40, template over 150, test file over 500."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _length(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def _over(paths, limit):
    return {str(path.relative_to(ROOT)): _length(path) for path in paths if _length(path) > limit}


def _code():
    return [ROOT / "config.py", ROOT / "wsgi.py", *(ROOT / "portal").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]


def test_modules_fit_on_a_few_screens():
    assert _over(_code(), 400) == {}


def test_test_files_stay_readable():
    assert _over((ROOT / "tests").rglob("*.py"), 500) == {}


def test_templates_stay_readable():
    assert _over((ROOT / "templates").rglob("*.html"), 150) == {}


def test_functions_fit_on_one_screen():
    long = {}
    for path in _code():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > 40:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_packages_begin_empty():
    """An ``__init__`` that imports makes every import of its package an import of everything."""
    assert [
        str(path) for path in (ROOT / "portal").rglob("__init__.py") if path.read_text(encoding="utf-8").strip()
    ] == []


def test_no_left_over_marks():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X ", "NotImplemented" + "Error")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in [*_code(), *(ROOT / "templates").rglob("*.html"), *(ROOT / "tests").rglob("*.py")]
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []
