"""Small pieces of markup for table cells and the like, where a template component would be slow."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Any, cast

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

TONES = ("", "brand", "ok", "warn", "danger")
DASH = "—"


def text(value: Any) -> str:
    """A value as markup: escaped, unless it says that it is markup. Django's conditional_escape without its way over lazy texts,
    which costs a list of five hundred cells a millisecond."""
    kind = type(value)
    if kind is str:
        return escape(value)
    if kind is SafeString:
        return cast(str, value)
    marked = getattr(value, "__html__", None)
    return str(marked()) if marked is not None else escape(str(value))


@cache
def _parts(url_name: str) -> tuple[str, str]:
    number = 9_876_543_210
    before, after = reverse(url_name, args=[number]).split(str(number))
    return before, after


def record_url(url_name: str, pk: int) -> str:
    """The address of a record by its number, as `reverse` gives it; quick enough for every row of a list."""
    before, after = _parts(url_name)
    return f"{before}{pk}{after}"


@cache
def asset(name: str) -> str:
    """The address of a built file; the plain one where no hashed copy has been collected."""
    path = f"built/{name}"
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@lru_cache(maxsize=1_000)
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
    return mark_safe(f'<span class="tag{" " + text(tone) if tone else ""}">{text(label)}</span>')  # noqa: S308  both are escaped


def tags(labels: Iterable[tuple[Any, str]]) -> SafeString:
    """Several tags side by side, from (label, tone) pairs."""
    shown = "".join(tag(*one) for one in labels)
    return mark_safe(f'<span class="tags">{shown}</span>' if shown else "")  # noqa: S308  made of tags


def drawer_link(url: str, label: Any, *, wide: bool = False) -> SafeString:
    """A link that opens in the drawer, and as a page of its own where there is no script."""
    shown = f'<a href="{text(url)}" data-drawer="{"wide" if wide else ""}">{text(label)}</a>'
    return mark_safe(shown)  # noqa: S308  both are escaped


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
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    except (TypeError, ValueError):
        return str(value)


def money(value: Any) -> str:
    """An amount in 元 with two decimals: 1,280.00; a dash for None."""
    return DASH if value is None or value == "" else f"{value:,.2f}"
