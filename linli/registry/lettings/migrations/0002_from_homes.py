from django.db import migrations

# What a home said of its letting becomes a running letting of its owner; a hazard becomes one found on the day of this migration,
# "none found" a check on that day.
LETTINGS = """
INSERT INTO lettings_letting (region_code, home_id, landlord_kind, landlord_name, landlord_phone, landlord_number, tenant_name,
    tenant_phone, use, rent, agreed_until, record_number, grade, checked_on, period, reason, note)
SELECT region_code, id, 'owner', coalesce(nullif(owner_name, ''), '姓名待补'), ''::bytea, ''::bytea, '', ''::bytea, letting_use, rent,
    CASE WHEN let_until > let_from OR let_from IS NULL THEN let_until END, '', '',
    CASE WHEN hazard = '00' THEN current_date END, daterange(let_from, NULL), '', ''
FROM places_home
WHERE ended_on IS NULL AND tenure = 'let'
    AND (letting_use <> '' OR rent IS NOT NULL OR let_from IS NOT NULL OR let_until IS NOT NULL)
"""
HAZARDS = """
INSERT INTO lettings_hazard (region_code, home_id, kind, severity, description, found_on, measure)
SELECT region_code, id, hazard, 'ordinary', '', current_date, '' FROM places_home WHERE hazard NOT IN ('', '00')
"""


class Migration(migrations.Migration):
    dependencies = [("lettings", "0001_initial"), ("places", "0004_estate_without_management")]

    operations = [
        migrations.RunSQL(LETTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(HAZARDS, migrations.RunSQL.noop),
    ]
