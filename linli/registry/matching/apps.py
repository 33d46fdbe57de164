from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "linli.registry.matching"
    label = "matching"
    verbose_name = "查重合并"

    def ready(self) -> None:
        from linli.registry.matching import shell

        shell.register()
