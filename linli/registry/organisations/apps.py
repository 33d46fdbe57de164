from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.registry.organisations"
    label = "organisations"
    verbose_name = "单位"

    def ready(self) -> None:
        from linli.registry.organisations import facts, occupants, shell  # noqa: F401  facts declares the room's terms

        shell.register()
        occupants.register()
