from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "linli.gate.agenda"
    label = "agenda"
    verbose_name = "进社区日程"

    def ready(self) -> None:
        from linli.gate.agenda import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
