from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "linli.facts"
    label = "facts"
