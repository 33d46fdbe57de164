import django.db.models.deletion
import linli.regions.fields
from django.db import migrations, models


OWN = {12: "community", 9: "street"}


def give_units(apps, schema_editor):
    """Posts named their office as text; each becomes one of its people. Communities and streets have a unit of their own."""
    Post, Unit = apps.get_model("access", "Post"), apps.get_model("access", "Unit")
    Region = apps.get_model("regions", "Region")

    def own(region_code):
        key = region_code[:12] if len(region_code) >= 12 else region_code[:9]
        region = Region.objects.filter(region_code=key).first() if len(key) in OWN else None
        if region is None:
            return None
        name = region.name
        if len(key) == 9 and not name.endswith(("办事处", "人民政府")):
            name += "人民政府" if region.kind in ("town", "township") else "办事处"
        return Unit.objects.get_or_create(region_code=key, kind=OWN[len(key)], defaults={"name": name})[0]

    for post in Post.objects.all():
        text = post.unit.strip()
        unit = own(post.region_code)
        if text and not (unit and (unit.name in text or text.endswith(("办事处", "人民政府")))):
            kind = "department" if len(post.region_code) <= 6 else "section"
            unit = Unit.objects.get_or_create(
                region_code=post.region_code, name=text, defaults={"kind": kind}
            )[0]
        post.office = unit
        post.save(update_fields=["office"])


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
        ('regions', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', linli.regions.fields.RegionCodeField(db_collation='C', verbose_name='所属区域')),
                ('kind', models.TextField(choices=[('department', '政府部门'), ('street', '街道办事处、乡镇政府'), ('section', '街道科室、站所'), ('community', '社区（村）居民委员会'), ('other', '其他单位')], verbose_name='类别')),
                ('name', models.TextField(verbose_name='名称')),
                ('phone', models.TextField(blank=True, default='', verbose_name='值班电话')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '机构',
                'verbose_name_plural': '机构',
                'ordering': ['region_code', 'kind', 'name'],
                'constraints': [models.UniqueConstraint(fields=('region_code', 'name'), name='unit_name_once_in_region'), models.UniqueConstraint(condition=models.Q(('kind__in', ['street', 'community'])), fields=('region_code', 'kind'), name='unit_one_own_of_a_region')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='office',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='access.unit', verbose_name='机构'),
        ),
        migrations.RunPython(give_units, migrations.RunPython.noop),
        migrations.RemoveField(model_name='post', name='unit'),
        migrations.RenameField(model_name='post', old_name='office', new_name='unit'),
    ]
