from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "linli.registry.intake"
    label = "intake"

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages.nav import CHECKING, NavItem, register

        register(NavItem(CHECKING, _("导入"), "intake:import", "file-import", Permission.IMPORT_REGISTRY, 40))
