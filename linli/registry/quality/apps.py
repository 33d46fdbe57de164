from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "linli.registry.quality"
    label = "quality"
    verbose_name = "数据质量"

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages.nav import CHECKING, NavItem, register
        from linli.registry.quality import facts  # noqa: F401  declares the room's terms

        register(NavItem(CHECKING, _("数据质量"), "quality:overview", "gauge", Permission.VIEW_PEOPLE, 44))
