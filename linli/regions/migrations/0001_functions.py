from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from linli.kernel.hanzi import SQL_GRAMS


class Migration(migrations.Migration):
    initial = True
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(SQL_GRAMS, "DROP FUNCTION IF EXISTS linli_grams(text)"),
    ]
