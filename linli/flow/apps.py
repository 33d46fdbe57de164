from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "linli.flow"
    label = "flow"
    verbose_name = "办件"

    def ready(self) -> None:
        from linli.flow import shell

        shell.register()
