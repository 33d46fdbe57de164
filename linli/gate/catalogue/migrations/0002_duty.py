from django.db import migrations, models

import linli.regions.fields

# The columns are named one by one: what is added to items later is added here by a migration that makes the view anew.
VIEW = """
CREATE VIEW catalogue_duty AS
SELECT (i.id << 24) + r.id AS id, i.id AS item_id, r.region_code, r.valid_from AS opened, r.valid_to AS closed,
    i.code, i.title, i.category, i.content, i.responsibility, i.kind, i.unit_id, i.things, i.times, i.per, i.expected, i.hours,
    i.money, i.evidence, i.bases, i.basis_note, i.since, i.until, i.yearly_times, i.yearly_hours, i.warrant_id, i.ended_how
FROM catalogue_item i
JOIN regions_region r ON r.level = 5 AND r.region_code >= i.region_code AND r.region_code < i.region_code || ':'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_items"),
        ("regions", "0004_outline"),
    ]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW catalogue_duty"),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", linli.regions.fields.RegionCodeField(db_collation="C")),
                ("opened", models.DateField(null=True, verbose_name="社区启用日期")),
                ("closed", models.DateField(null=True, verbose_name="社区停用日期")),
            ],
            options={
                "verbose_name": "社区的事项",
                "verbose_name_plural": "社区的事项",
                "db_table": "catalogue_duty",
                "ordering": ["region_code", "item"],
                "managed": False,
            },
        ),
    ]
