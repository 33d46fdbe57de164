from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "linli.registry.sources"
    label = "sources"
    verbose_name = "来源"

    def ready(self) -> None:
        from linli.registry.sources import shell

        shell.register()
