from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "linli.registry.groups"
    label = "groups"
    verbose_name = "人群"

    def ready(self) -> None:
        from linli.registry.groups import facts  # noqa: F401  declares the room's terms
