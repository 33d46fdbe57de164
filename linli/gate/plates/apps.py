from django.apps import AppConfig


class PlatesConfig(AppConfig):
    name = "linli.gate.plates"
    label = "plates"
    verbose_name = "机构牌子"

    def ready(self) -> None:
        from linli.gate.plates import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
