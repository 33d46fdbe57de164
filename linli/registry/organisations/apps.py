from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.registry.organisations"
    label = "organisations"
    verbose_name = "单位"

    def ready(self) -> None:
        from linli.registry.organisations import facts  # noqa: F401  declares the room's terms
