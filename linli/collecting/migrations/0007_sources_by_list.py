from django.db import migrations


def by_list(apps, _editor):
    """Common forms from before are of one list, and stand for forms of one list."""
    task = apps.get_model("collecting", "FormTask")
    for one in task.objects.exclude(joint=None):
        one.sources = [[[[form, 0, place] for form, place in needs] for needs in one.sources]]
        one.save(update_fields=["sources"])


def of_one_list(apps, _editor):
    task = apps.get_model("collecting", "FormTask")
    for one in task.objects.exclude(joint=None):
        one.sources = [[[form, place] for form, _listed, place in needs] for needs in one.sources[0]]
        one.save(update_fields=["sources"])


class Migration(migrations.Migration):
    dependencies = [("collecting", "0006_several_lists")]

    operations = [migrations.RunPython(by_list, of_one_list)]
