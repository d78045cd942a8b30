from django.db import migrations

MESSAGE = "a closing that a circle went on from is never changed"
RECORD = "goes_on, form, celebrate, lang, finished_on"
ANCHOR = "record_id, text, lang, kind, place, holder, look_again_on"
IS_FIXED = "EXISTS (SELECT 1 FROM circles_closingrecord WHERE id = NEW.record_id AND fixed_on IS NOT NULL)"

SQLITE = (
    f"""
CREATE TRIGGER closing_record_fixed BEFORE UPDATE OF {RECORD} ON circles_closingrecord
WHEN OLD.fixed_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;
""",
    f"""
CREATE TRIGGER anchor_fixed BEFORE UPDATE OF {ANCHOR} ON circles_anchor
WHEN {IS_FIXED}
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;
""",
    f"""
CREATE TRIGGER anchor_added_in_time BEFORE INSERT ON circles_anchor
WHEN {IS_FIXED}
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;
""",
)

POSTGRESQL = (
    f"""
CREATE FUNCTION closing_record_fixed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF OLD.fixed_on IS NOT NULL THEN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $body$;
CREATE FUNCTION anchor_fixed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF {IS_FIXED} THEN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $body$;
CREATE TRIGGER closing_record_fixed BEFORE UPDATE OF {RECORD} ON circles_closingrecord
FOR EACH ROW EXECUTE FUNCTION closing_record_fixed();
CREATE TRIGGER anchor_fixed BEFORE UPDATE OF {ANCHOR} ON circles_anchor
FOR EACH ROW EXECUTE FUNCTION anchor_fixed();
CREATE TRIGGER anchor_added_in_time BEFORE INSERT ON circles_anchor
FOR EACH ROW EXECUTE FUNCTION anchor_fixed();
""",
)
NAMES = (
    ("closing_record_fixed", "circles_closingrecord"),
    ("anchor_fixed", "circles_anchor"),
    ("anchor_added_in_time", "circles_anchor"),
)


def forwards(apps, schema_editor):
    for sql in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(sql, params=None)


def backwards(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table in NAMES:
        schema_editor.execute(f"DROP TRIGGER {name} ON {table};" if is_postgresql else f"DROP TRIGGER {name};")
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION closing_record_fixed(); DROP FUNCTION anchor_fixed();")


class Migration(migrations.Migration):
    dependencies = [("circles", "0014_voices")]
    operations = [migrations.RunPython(forwards, backwards)]
