from django.apps import AppConfig


class LettingsConfig(AppConfig):
    name = "linli.registry.lettings"
    label = "lettings"
    verbose_name = "出租房"

    def ready(self) -> None:
        from linli.registry.lettings import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
