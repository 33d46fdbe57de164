"""Selects written in Python are what Django's templates would write."""

from __future__ import annotations

import copy
import re
from typing import Any

import django_filters
import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from linli.pages.choices import Offered, shared
from linli.pages.rendering import FormRenderer
from linli.pages.widgets import Combobox, Select

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


@pytest.mark.parametrize("value", ["", "1", "2", 'x"', "none of them"])
def test_a_list_that_pages_share_is_written_as_any_other(value: str) -> None:
    pairs = (("1", "男 <b>"), ('x"', "甲&乙"), ("2", gettext_lazy("女")))
    field = django_filters.fields.ChoiceField(choices=Offered(pairs), empty_label="全部", widget=Select)
    plain = forms.Select(choices=[("", "全部"), *pairs])
    for _time in range(2):  # the second from what was kept
        ours = copy.deepcopy(field).widget.render("wahl", value, {}, FormRenderer())
        assert dense(ours) == dense(plain.render("wahl", value, {}, FormRenderer()))
    assert field.clean("2") == "2"
    with pytest.raises(forms.ValidationError):
        field.clean("3")


def test_a_shared_list_is_not_copied() -> None:
    offered = shared((("1", "甲"), ("2", "乙")))
    assert copy.deepcopy([offered])[0] is offered is shared((("1", "甲"), ("2", "乙")))
    assert (len(offered), bool(Offered(())), offered[1]) == (2, False, ("2", "乙"))


def test_a_combobox_says_its_source() -> None:
    widget = Combobox(choices=CHOICES, source="/people/options/", placeholder="输入<文字>")
    ours = widget.render("who", "1", {}, FormRenderer())
    assert dense(ours) == dense(widget.render("who", "1", {}, DjangoTemplates()))
    assert 'data-src="/people/options/"' in ours
    assert "输入&lt;文字&gt;" in ours
