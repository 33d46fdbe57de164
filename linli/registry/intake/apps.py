from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "linli.registry.intake"
    label = "intake"
