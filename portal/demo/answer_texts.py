"""The sentences of the demo's applications, read from answer_texts.toml; each partnership has its own words in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_texts() -> dict[str, dict[str, Any]]:
    """Return the texts by form ("formation", "execution", "tasks", "dnsh") and key: one text, or several to choose from."""
    return tomllib.loads((Path(__file__).parent / "answer_texts.toml").read_text(encoding="utf-8"))


def say(form: str, key: str, serial: int, words: Mapping[str, str]) -> str:
    """Return the answer that the partnership numbered ``serial`` gives to ``key``, with its own words filled in."""
    choices: list[str] = load_texts()[form][key]
    return choices[(serial + len(key)) % len(choices)].format_map(words)
