from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "linli.jobs"
    label = "jobs"

    def ready(self) -> None:
        from linli.pages.nav import NavItem, register

        register(NavItem("", _("我的任务"), "jobs", "progress-check", order=900))
