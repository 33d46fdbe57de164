from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "linli.notices"
    label = "notices"
    verbose_name = _("消息")

    def ready(self) -> None:
        from linli.pages import context, nav
        from linli.pages.nav import NavItem

        def unread(user: Any) -> int:
            from linli.notices import counting

            return counting.unread(user)

        context.register_bell(unread, "notices")
        nav.register(NavItem("", _("我的待办"), "notices", "checklist", order=1, badge=unread))
