from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "linli.registry.changes"
    label = "changes"
    verbose_name = "更正申请"

    def ready(self) -> None:
        from linli.registry.changes import shell

        shell.register()
