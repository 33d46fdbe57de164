from django.apps import AppConfig


class AdjustmentConfig(AppConfig):
    name = "linli.registry.adjustment"
    label = "adjustment"
    verbose_name = "社区设置调整"

    def ready(self) -> None:
        from linli.registry.adjustment import shell

        shell.register()
