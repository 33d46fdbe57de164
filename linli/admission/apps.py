from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    name = "linli.admission"
    label = "admission"
    verbose_name = _("准入")

    def ready(self) -> None:
        from linli.admission import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
