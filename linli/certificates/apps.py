from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "linli.certificates"
    label = "certificates"
    verbose_name = _("证明用印")

    def ready(self) -> None:
        from linli.certificates import facts, shell  # noqa: F401

        shell.register()
