from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.registry.organisations"
    label = "organisations"
    verbose_name = "单位"

    def ready(self) -> None:
        from linli.registry.organisations import (  # noqa: F401  facts declares the room's terms
            dealings,
            facts,
            occupants,
            shell,
        )
        from linli.registry.people import followers

        shell.register()
        followers.at_death("organisations", dealings.end_at_death)
        occupants.register()
