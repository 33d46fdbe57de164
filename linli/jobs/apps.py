from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "linli.jobs"
    label = "jobs"
