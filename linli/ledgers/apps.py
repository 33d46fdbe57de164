from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "linli.ledgers"
    label = "ledgers"
    verbose_name = _("填表")

    def ready(self) -> None:
        """Put 填表 into the sidebar."""
        from linli.access.roles import Permission
        from linli.pages.nav import NavItem, register

        register(NavItem("", _("填表"), "forms", "file-spreadsheet", Permission.FILL_FORMS, order=20))
