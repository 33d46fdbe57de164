"""Selects written in Python are what Django's templates would write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from linli.pages.rendering import FormRenderer
from linli.pages.widgets import Combobox

CHOICES = [
    ("", "全部"),
    ("1", "男 <b>"),
    ("“组”&", [("2", 'a"b'), ("3", "c")]),
    (4, "四"),
]


def dense(markup: str) -> str:
    """Without the space between elements, of which Django's templates leave more."""
    return re.sub(r">\s+<", "><", markup)


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, Combobox])
@pytest.mark.parametrize("value", ["", "1", "2", 4, None])
@pytest.mark.parametrize("attrs", [{}, {"id": "x<", "required": True, "disabled": False, "data-n": 3}])
def test_selects_are_as_django_writes_them(kind: Any, value: Any, attrs: dict[str, Any]) -> None:
    widget = kind(choices=CHOICES)
    given = [value] if kind is forms.SelectMultiple else value
    ours = widget.render("wahl", given, attrs, FormRenderer())
    assert dense(ours) == dense(widget.render("wahl", given, attrs, DjangoTemplates()))


def test_a_combobox_says_its_source() -> None:
    widget = Combobox(choices=CHOICES, source="/people/options/", placeholder="输入<文字>")
    ours = widget.render("who", "1", {}, FormRenderer())
    assert dense(ours) == dense(widget.render("who", "1", {}, DjangoTemplates()))
    assert 'data-src="/people/options/"' in ours
    assert "输入&lt;文字&gt;" in ours
