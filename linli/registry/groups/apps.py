from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "linli.registry.groups"
    label = "groups"
    verbose_name = "人群"

    def ready(self) -> None:
        from linli.registry.groups import actions, care, facts, shell  # noqa: F401  facts declares the room's terms
        from linli.registry.people import followers

        followers.at_death("groups", actions.end_at_death)
        care.register()
        shell.register()
