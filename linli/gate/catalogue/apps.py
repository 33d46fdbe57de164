from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "linli.gate.catalogue"
    label = "catalogue"
    verbose_name = "社区事项清单"

    def ready(self) -> None:
        from linli.gate.catalogue import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
