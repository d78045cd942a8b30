from django.db import migrations

MESSAGE = "the signing mode of a round is fixed at its first note"

SQLITE = f"""
CREATE TRIGGER round_signing_fixed BEFORE UPDATE OF signing ON circles_round
WHEN OLD.has_posts AND NEW.signing <> OLD.signing
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;
"""

POSTGRESQL = f"""
CREATE FUNCTION round_signing_fixed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF OLD.has_posts AND NEW.signing <> OLD.signing THEN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $body$;
CREATE TRIGGER round_signing_fixed BEFORE UPDATE ON circles_round
FOR EACH ROW EXECUTE FUNCTION round_signing_fixed();
"""


def forwards(apps, schema_editor):
    sql = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    schema_editor.execute(sql, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER round_signing_fixed ON circles_round; DROP FUNCTION round_signing_fixed();")
    else:
        schema_editor.execute("DROP TRIGGER round_signing_fixed;")


class Migration(migrations.Migration):
    dependencies = [("circles", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
