from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "linli.lists"
    label = "lists"
    verbose_name = _("名单与统计")

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages.nav import SYSTEM, NavItem, register

        register(
            NavItem("", _("名单与统计"), "lists:index", "list-search", Permission.VIEW_STATISTICS, order=21)
        )
        register(NavItem(SYSTEM, _("统计分段"), "lists:bands", "ruler-2", Permission.MANAGE_SYSTEM, order=86))
