"""The kit of screens: lists, details, forms, search, navigation, components."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Screens and components that every room builds on."""

    name = "linli.pages"
    label = "pages"
    verbose_name = _("界面")
