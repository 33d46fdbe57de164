"""Small pieces of markup for table cells and the like, where a template component would be slow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TONES = ("", "brand", "ok", "warn", "danger")
DASH = "—"


def asset(name: str) -> str:
    """The address of a built file; the plain one where no hashed copy has been collected."""
    path = f"built/{name}"
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite (frontend/icons.txt lists them), hidden from screen readers."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        asset("icons.svg"),
        name,
    )


def tag(label: Any, tone: str = "") -> SafeString:
    """A coloured word. Tones: "" grey, brand, ok, warn, danger; red is kept for urgency."""
    return format_html('<span class="tag{}">{}</span>', f" {tone}" if tone else "", label)


def tags(labels: Iterable[tuple[Any, str]]) -> SafeString:
    """Several tags side by side, from (label, tone) pairs."""
    shown = format_html_join("", "{}", ((tag(*one),) for one in labels))
    return format_html('<span class="tags">{}</span>', shown) if shown else shown


def drawer_link(url: str, label: Any, *, wide: bool = False) -> SafeString:
    """A link that opens in the drawer, and as a page of its own where there is no script."""
    return format_html('<a href="{}" data-drawer="{}">{}</a>', url, "wide" if wide else "", label)


def copyable(value: Any, shown: Any = None) -> SafeString:
    """A value that a click copies."""
    text = str(value)
    return format_html(
        '<button type="button" class="copy" data-copy="{}" title="点击复制">{}</button>',
        text,
        shown if shown is not None else text,
    )


def thousands(value: Any) -> str:
    """A number with thousands separators: 15,284; a dash for None."""
    if value is None or value == "":
        return DASH
    try:
        return f"{value:,}"
    except (TypeError, ValueError):
        return str(value)


def money(value: Any) -> str:
    """An amount in 元 with two decimals: 1,280.00; a dash for None."""
    return DASH if value is None or value == "" else f"{value:,.2f}"
