"""The filters of a list, on django-filter."""

from __future__ import annotations

from typing import Any

import django_filters


class _Own(dict[str, Any]):
    """The fields of a form class that is made for one request: a form need not copy them."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> _Own:
        return self


class FilterSet(django_filters.FilterSet):
    """The house's filters. django-filter copies the filters for each request and makes a form class of fields made from the copies;
    Django would copy those again."""

    def get_form_class(self) -> Any:
        """The form class, its fields its only form's own."""
        made = super().get_form_class()
        made.base_fields = _Own(made.base_fields)
        return made
