from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "linli.returns"
    label = "returns"
    verbose_name = "名册入库"

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages.nav import CHECKING, NavItem, register

        register(
            NavItem(CHECKING, _("名册入库"), "returns:list", "table-import", Permission.IMPORT_REGISTRY, 40)
        )
