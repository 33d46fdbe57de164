from typing import Any

from django.db import migrations


def add(apps: Any, schema_editor: Any) -> None:
    """The bands that every installation begins with."""
    from linli.lists.seeds import BANDS

    bands = apps.get_model("lists", "Bands")
    bands.objects.bulk_create(
        [
            bands(key=key, name=name, subject=subject, path=path, edges=list(edges), source=source)
            for key, name, subject, path, edges, source in BANDS
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("lists", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
