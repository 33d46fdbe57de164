from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "linli.registry.places"
    label = "places"
    verbose_name = "房屋"

    def ready(self) -> None:
        from linli.registry.places import facts  # noqa: F401  declares the room's terms
