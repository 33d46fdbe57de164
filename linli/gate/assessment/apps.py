from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "linli.gate.assessment"
    label = "assessment"
    verbose_name = "社区综合考核"

    def ready(self) -> None:
        from linli.gate.assessment import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
