"""The front end's sources: icons that pages name are in the sprite, nothing names a registry, colours are tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linli.pages import nav

PACKAGE = Path(__file__).resolve().parents[2]
FRONTEND = PACKAGE.parent / "frontend"
pytestmark = pytest.mark.skipif(not FRONTEND.exists(), reason="installed without the front end's sources")

# Read before any test puts its own register in place.
REGISTERED = nav.registered()


def icons() -> set[str]:
    lines = (FRONTEND / "icons.txt").read_text("utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def test_icons_that_templates_name_exist() -> None:
    missing = {}
    for template in PACKAGE.rglob("templates/**/*.html"):
        named = set(re.findall(r"""{% icon ['"]([\w-]+)['"]""", template.read_text("utf-8")))
        named |= set(re.findall(r"""<c-[\w.-]+[^>]*\sicon="([\w-]+)\"""", template.read_text("utf-8")))
        if named - icons():
            missing[template.name] = named - icons()
    assert missing == {}


def test_icons_that_python_names_exist() -> None:
    named = {item.icon for item in REGISTERED}
    for module in PACKAGE.rglob("*.py"):
        if "tests" not in module.parts and "demo" not in module.parts:
            text = module.read_text("utf-8")
            named |= set(re.findall(r'\bicon(?:_name)?=?\(?"([a-z][\w-]+)"', text))
    assert named - icons() == set()


def test_templates_hold_nothing_inline() -> None:
    for template in PACKAGE.rglob("templates/**/*.html"):
        text = template.read_text("utf-8")
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=|<style|hx-on|hx-vals=.js:", text), template


def test_the_lock_file_names_no_host() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text("utf-8")


def test_colours_come_from_tokens() -> None:
    for sheet in (FRONTEND / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            on_screen = sheet.read_text("utf-8").split("@media print")[0]
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!-)(?=[;\s])", on_screen), sheet.name


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    text = (FRONTEND / "css" / "tokens.css").read_text("utf-8")
    light, dark = text.split('html[data-theme="dark"]')
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    if theme == "dark":
        tokens |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))
    for ink in ("ink", "ink-2", "ink-3", "brand", "ok", "warn", "danger"):
        for ground in ("bg", "surface", "surface-2"):
            assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    for tone in ("brand", "ok", "warn", "danger"):
        assert contrast(tokens[tone], tokens[f"{tone}-soft"]) >= 4.5, tone
    assert contrast(tokens["ink-2"], tokens["quiet-soft"]) >= 4.5
    assert contrast(tokens["on-brand"], tokens["brand"]) >= 4.5
    assert contrast(tokens["side-ink-2"], tokens["side"]) >= 4.5
    assert contrast(tokens["control"], tokens["surface"]) >= 2.9
    for step in range(5):
        assert contrast(tokens["ink"], tokens[f"heat-{step}"]) >= 4.5, step
