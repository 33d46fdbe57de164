from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "linli.outbox"
    label = "outbox"
    verbose_name = _("外发提醒")

    def ready(self) -> None:
        from linli.access.models import Permission
        from linli.pages import nav

        nav.register(
            nav.NavItem(nav.SYSTEM, _("外发提醒"), "outbox", "send", Permission.MANAGE_SYSTEM, order=93)
        )
