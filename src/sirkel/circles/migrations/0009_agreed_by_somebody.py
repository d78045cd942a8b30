from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('circles', '0008_trials_and_handovers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='workingagreement',
            name='agreement_is_agreed_by_somebody',
        ),
        migrations.AddConstraint(
            model_name='workingagreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('agreed_count__isnull', True), ('reopened_at__isnull', True)), models.Q(('agreed_at__isnull', False), ('agreed_count__gte', 1), ('agreed_count__isnull', False)), _connector='OR'), name='agreement_is_agreed_by_somebody'),
        ),
    ]
