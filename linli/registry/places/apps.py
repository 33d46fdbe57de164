from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "linli.registry.places"
    label = "places"
    verbose_name = "房屋"

    def ready(self) -> None:
        from linli.registry.places import facts, shell  # noqa: F401  facts declares the room's terms

        shell.register()
