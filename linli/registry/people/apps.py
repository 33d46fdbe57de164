from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.registry.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        from linli.registry.people import facts, occupancy, shell  # noqa: F401  facts declares the room's terms

        occupancy.register()
        shell.register()
