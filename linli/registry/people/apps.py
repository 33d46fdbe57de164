from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.registry.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        from linli.registry.people import facts  # noqa: F401  declares the room's terms
