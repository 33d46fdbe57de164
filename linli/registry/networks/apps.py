from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "linli.registry.networks"
    label = "networks"
    verbose_name = "网络"

    def ready(self) -> None:
        from linli.registry.networks import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
