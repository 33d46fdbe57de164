"""The kit of screens: lists, details, forms, search, navigation, components."""

from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Screens and components that every room builds on."""

    name = "linli.pages"
    label = "pages"
    verbose_name = _("界面")

    def ready(self) -> None:
        """Say in plain words that a field is empty; Django's own sentence speaks of 字段."""
        Field.default_error_messages["required"] = _("请填写或选择这一项。")
