from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.registry.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        from linli.registry.people import derived_facts, facts, occupancy, shell  # noqa: F401  they declare the terms

        occupancy.register()
        shell.register()
