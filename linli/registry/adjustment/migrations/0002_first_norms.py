"""The norms that the law and the reports name, as first rows."""

from django.db import migrations


def add(apps, schema_editor):
    from linli.registry.adjustment.seeds import NORMS

    norm = apps.get_model("adjustment", "Norm")
    norm.objects.bulk_create([norm(**row) for row in NORMS])


class Migration(migrations.Migration):
    dependencies = [("adjustment", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
