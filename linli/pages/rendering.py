"""How form fields are written. Django renders every option of a select with two templates of its own; a filter bar has hundreds of
options, so selects are written in Python, as the templates would but without their empty lines."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from linli.pages.html import text

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"
COMBOBOX = "pages/widgets/combobox.html"
INPUTS = {
    f"django/forms/widgets/{kind}.html"
    for kind in ("date", "email", "hidden", "input", "number", "password", "text", "time", "url")
}


def _attrs(attrs: dict[str, Any]) -> str:
    """Attributes as Django writes them: False leaves one out, True has no value."""
    return "".join(
        f" {text(name)}" if value is True else f' {text(name)}="{text(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _select(widget: dict[str, Any]) -> str:
    parts = [f'<select name="{text(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{text(group)}">')
        if isinstance(options, str):
            parts.append(options)
            continue
        parts += [
            f'\n  <option value="{text(str(one["value"]))}"{_attrs(one["attrs"])}>{text(one["label"])}</option>'
            for one in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{text(str(widget["value"]))}"'
    return (
        f'<input type="{text(widget["type"])}" name="{text(widget["name"])}"{value}{_attrs(widget["attrs"])}>'
    )


class FormRenderer(DjangoTemplates):
    """Django's renderer, with inputs, selects and comboboxes written in Python."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The markup of a widget or form."""
        widget = context.get("widget")
        if widget is not None and template_name in INPUTS:
            return mark_safe(_input(widget))  # noqa: S308  every part is escaped above
        if template_name not in (SELECT, COMBOBOX) or widget is None:
            made: SafeString = super().render(template_name, context, request)  # type: ignore[assignment]
            return made
        found = _select(widget)
        if template_name == COMBOBOX:
            source = f' data-src="{text(widget["source"])}"' if widget["source"] else ""
            hint = text(widget["placeholder"])
            found = f'<linli-combobox{source} data-placeholder="{hint}">{found}</linli-combobox>'
        return mark_safe(found)  # noqa: S308  every part is escaped above
