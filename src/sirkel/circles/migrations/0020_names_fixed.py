from importlib import import_module

from django.db import migrations

from sirkel.circles import name_triggers

earlier = import_module("sirkel.circles.migrations.0002_signing_fixed")


def forwards(apps, schema_editor):
    name_triggers.create(schema_editor.connection)


def backwards(apps, schema_editor):
    name_triggers.drop(schema_editor.connection)
    earlier.forwards(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("circles", "0019_method_off")]
    operations = [migrations.RunPython(forwards, backwards)]
