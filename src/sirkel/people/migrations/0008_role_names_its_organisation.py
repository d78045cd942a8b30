from django.db import migrations, models


def name_organisation(apps, schema_editor):
    """Write down the organisation of every role at a workplace: from here on each names both."""
    role = apps.get_model("people", "RoleAssignment")
    workplace = apps.get_model("people", "Workplace")
    theirs = workplace.objects.filter(id=models.OuterRef("workplace")).values("organisation")[:1]
    role.objects.filter(workplace__isnull=False).update(organisation=models.Subquery(theirs))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_lines'),
    ]

    operations = [migrations.RunPython(name_organisation, migrations.RunPython.noop)]
