from django.db import migrations

MESSAGE = "a version of a commitment is never changed"

SQLITE = f"""
CREATE TRIGGER commitment_fixed BEFORE UPDATE ON circles_leadercommitment
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;
"""

POSTGRESQL = f"""
CREATE FUNCTION commitment_fixed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $body$;
CREATE TRIGGER commitment_fixed BEFORE UPDATE ON circles_leadercommitment
FOR EACH ROW EXECUTE FUNCTION commitment_fixed();
"""


def forwards(apps, schema_editor):
    sql = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    schema_editor.execute(sql, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER commitment_fixed ON circles_leadercommitment; DROP FUNCTION commitment_fixed();")
    else:
        schema_editor.execute("DROP TRIGGER commitment_fixed;")


class Migration(migrations.Migration):
    dependencies = [("circles", "0005_anchoring")]
    operations = [migrations.RunPython(forwards, backwards)]
