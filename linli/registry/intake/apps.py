from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "linli.registry.intake"
    label = "intake"

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages.nav import NavItem, register

        register(
            NavItem("人房底数", _("导入"), "intake:import", "file-import", Permission.IMPORT_REGISTRY, 40)
        )
