"""Colour pairs of tokens.css reach WCAG 2.2 AA in the light and the dark look."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
LIGHT = dict(TOKEN.findall(CSS.split("@media", 1)[0]))
DARK = LIGHT | dict(TOKEN.findall(CSS.split("@media", 1)[1]))
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-muted") for ground in ("paper", "surface", "sunken")],
    *[("accent", ground) for ground in ("paper", "surface", "sunken", "accent-soft")],
    ("ink-muted", "accent-soft"),
    ("ink", "accent-soft"),
    ("on-accent", "accent"),
    *[(tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info")],
    *[(tone, "surface") for tone in ("success", "warning", "danger", "info")],
    ("danger", "paper"),
    *[("map-ink-light", f"map-{level}") for level in (1, 2, 3)],
    *[("map-ink-dark", f"map-{level}") for level in (4, 5)],
]
EDGE_PAIRS = [
    *[(edge, ground) for edge in ("line-strong", "focus") for ground in ("paper", "surface")],
    ("accent", "paper"),
]


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="/".join)
def test_text_contrast(look: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(look[pair[0]], look[pair[1]]) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", EDGE_PAIRS, ids="/".join)
def test_edge_contrast(look: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(look[pair[0]], look[pair[1]]) >= 3
