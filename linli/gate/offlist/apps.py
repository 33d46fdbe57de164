from django.apps import AppConfig


class OfflistConfig(AppConfig):
    name = "linli.gate.offlist"
    label = "offlist"
    verbose_name = "清单外要求"

    def ready(self) -> None:
        from linli.gate.offlist import facts, jobs, shell  # noqa: F401  facts and jobs declare themselves

        shell.register()
