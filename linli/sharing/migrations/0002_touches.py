"""Triggers that note which people a transaction touched."""

from django.db import migrations

from linli.sharing import touches


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0001_initial"),
        ("people", "0007_facts_of_forms"),
        ("groups", "0003_details"),
    ]
    operations = [migrations.RunSQL(touches.install(), touches.remove())]
