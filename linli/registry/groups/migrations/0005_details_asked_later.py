"""What starting groups ask since they were made: a base that has them gets it once; what an administrator takes away later stays away."""

from django.db import migrations

LATER = {"disabled": ("valid_until",), "entitled": ("injury_level", "injury_nature")}


def ask(apps, schema_editor):
    from linli.registry.groups import detail_seeds

    Group = apps.get_model("groups", "Group")
    for group in Group.objects.filter(code__in=LATER):
        have = {one["code"] for one in group.details}
        names = {name for one in group.details for name in (one["label"], *one.get("also", ()))}
        new = [
            one
            for one in detail_seeds.of(group.code)
            if one["code"] in LATER[group.code] and one["code"] not in have and one["label"] not in names
        ]
        if group.details and new:
            group.details = [*group.details, *new]
            group.save(update_fields=["details"])


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0004_since_when_in_the_base"),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
