"""Form widgets that grow where there is script and stay plain HTML controls where there is none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.pages.choices import Offered


class DateInput(forms.DateInput):
    """A date picked in the browser's own calendar; written 2026-11-22."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Select(forms.Select):
    """Django's select, its options made quickly."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """As Django's, without a dictionary of ten for each of eight hundred regions; the renderer reads these three, or takes the
        markup of a list that pages share."""
        every: list[Any] = list(self.choices)
        if type(self).create_option is not forms.Select.create_option:
            return super().optgroups(name, value, attrs)
        shared = getattr(self.choices, "choices", self.choices)
        if isinstance(shared, Offered):
            before = every[: len(every) - len(shared)]
            return [(None, self._options(before, set(value)), 0), (None, shared.markup(set(value)), 0)]
        if any(isinstance(label, list | tuple) for _value, label in every):
            return super().optgroups(name, value, attrs)
        return [(None, self._options(every, set(value)), 0)]

    def _options(self, choices: list[Any], chosen: set[str]) -> list[dict[str, Any]]:
        return [
            {
                "value": "" if one is None else one,
                "label": label,
                "attrs": self.checked_attribute if str("" if one is None else one) in chosen else {},
            }
            for one, label in choices
        ]


class Combobox(Select):
    """A select that is typed into: name, code, or what `data-find` of an option holds.

    With `source` (a URL name or an address) further options are fetched from there: JSON
    {"results": [{"value", "label", "hint"}]} for ?q=.
    """

    template_name = "pages/widgets/combobox.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        source: str = "",
        placeholder: Any = "",
    ) -> None:
        super().__init__(attrs, choices)
        self.source = source
        self.placeholder = placeholder or _("输入文字查找")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context with the source's address."""
        context = super().get_context(name, value, attrs)
        source = self.source
        context["widget"]["source"] = reverse(source) if source and "/" not in source else source
        context["widget"]["placeholder"] = self.placeholder
        return context


class FileDrop(forms.FileInput):
    """A file that is picked or dropped, sent with its progress shown. `limit` is in bytes, 0 for none."""

    template_name = "pages/widgets/file_drop.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, limit: int = 0, says: Any = "") -> None:
        super().__init__(attrs)
        self.limit = limit
        self.says = says

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Django's context with the limit and the line that says what is wanted."""
        context = super().get_context(name, value, attrs)
        context["widget"]["limit"] = self.limit
        context["widget"]["says"] = self.says
        return context
