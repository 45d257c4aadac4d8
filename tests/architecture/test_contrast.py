"""Whoever rethemes the portal keeps it readable: text at 4.5:1, parts of controls and marks at 3:1 (WCAG 2.2)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent.parent / "portal/static/css/tokens.css"
COLOURS = dict(re.findall(r"--dp-([a-z-]+): (#[0-9a-f]{6});", TOKENS.read_text(encoding="utf-8")))

TEXT = [
    *((text, ground) for text in ("ink", "muted", "brand", "info", "danger") for ground in ("surface", "page")),
    *(("ink", f"{meaning}-tint") for meaning in ("brand", "success", "warning", "danger", "info", "demo")),
    *((meaning, f"{meaning}-tint") for meaning in ("success", "warning", "danger", "info", "demo")),
    *(("surface", ground) for ground in ("brand", "brand-deep", "danger", "demo", "ink")),
    ("muted", "brand-tint"), ("ink", "accent"), ("visited", "surface"),
]  # fmt: skip
PARTS = [("edge", "surface"), ("edge", "page"), ("accent", "brand"), ("accent", "demo"), ("ink", "accent")]


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(COLOURS[one]), _luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert _contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_parts_can_be_seen(part: str, ground: str) -> None:
    assert _contrast(part, ground) >= 3
