from django.db import migrations, models

from sirkel.circles import name_triggers


def drop(apps, schema_editor):
    name_triggers.drop(schema_editor.connection)


def create(apps, schema_editor):
    name_triggers.create(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("circles", "0020_names_fixed")]
    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField("note", "is_reported", models.BooleanField(default=False, db_default=False)),
        migrations.RunPython(create, drop),
    ]
