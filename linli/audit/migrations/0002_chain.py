from django.db import migrations

from linli.audit import sql


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(sql.CHAIN, sql.UNCHAIN)]
