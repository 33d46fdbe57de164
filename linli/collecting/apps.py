from django.apps import AppConfig


class CollectingConfig(AppConfig):
    name = "linli.collecting"
    label = "collecting"
    verbose_name = "报表任务"

    def ready(self) -> None:
        from linli.collecting import shell

        shell.register()
