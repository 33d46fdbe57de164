from django.db import migrations

from linli.kernel import codes

# What an estate said of its management becomes an open spell; since when was never recorded.
MANAGEMENTS = """
INSERT INTO places_estatemanagement (region_code, estate_id, way, company, phone, period, note)
SELECT region_code, id, management, property_company, property_phone, daterange(NULL, NULL), '' FROM places_estate
"""


def structures(apps, schema_editor):
    """Free words of structure become codes of GB/T 17986.1; words that are in no list move to the note."""
    Building = apps.get_model("places", "Building")
    words = Building.objects.exclude(structure="").values_list("structure", flat=True).distinct()
    for word in list(words):
        rows = Building.objects.filter(structure=word)
        code = codes.STRUCTURE.match(word)
        if code is not None:
            rows.update(structure=code)
            continue
        for building in rows:
            building.note = f"{building.note}\n结构：{word}".strip()
            building.structure = ""
            building.save(update_fields=["note", "structure"])


class Migration(migrations.Migration):
    dependencies = [("places", "0002_places_in_full")]

    operations = [
        migrations.RunSQL(MANAGEMENTS, migrations.RunSQL.noop),
        migrations.RunPython(structures, migrations.RunPython.noop),
    ]
