
import django.db.models.deletion
import sirkel.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('circles', '0004_inbox_note_once_per_receipt'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentComment',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=500)),
                ('said_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CommitmentSignature',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=500)),
                ('raised_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Expectation',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=300)),
                ('lang', models.CharField(max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('met', 'It came true'), ('partly', 'Partly'), ('otherwise', 'Something else came'), ('not_met', 'It did not')], max_length=20)),
                ('looking_back', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='LeaderCommitment',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('participants', models.PositiveSmallIntegerField()),
                ('meetings', models.PositiveSmallIntegerField()),
                ('meeting_minutes', models.PositiveSmallIntegerField()),
                ('facilitators', models.PositiveSmallIntegerField()),
                ('preparation_minutes', models.PositiveSmallIntegerField()),
                ('cover', models.CharField(max_length=500)),
                ('mandate', models.CharField(max_length=500)),
                ('answer_days', models.PositiveSmallIntegerField()),
                ('promises', models.JSONField()),
                ('provisions', models.JSONField(default=list)),
                ('afterwards', models.CharField(max_length=500)),
                ('lang', models.CharField(max_length=10)),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReadinessCheck',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('answers', models.JSONField()),
                ('advice', models.CharField(choices=[('go', 'Go'), ('go_with_care', 'Go with care'), ('wait', 'Not now')], max_length=20)),
                ('look_again_on', models.DateField(blank=True, null=True)),
                ('is_by_leader', models.BooleanField(default=False)),
                ('answered_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WorkingAgreement',
            fields=[
                ('id', models.UUIDField(default=sirkel.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('items', models.JSONField()),
                ('lang', models.CharField(max_length=10)),
                ('written_at', models.DateTimeField()),
                ('agreed_count', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('reopened_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='circle',
            name='halt_reason',
            field=models.CharField(blank=True, choices=[('staffing', 'Too few at work'), ('illness', 'Illness'), ('workload', 'Too much else just now'), ('reorganisation', 'Reorganisation'), ('concern', 'A concern is being looked at'), ('too_few', 'Too few want to take part'), ('no_support', 'Support is missing'), ('enough', 'The circle has what it needed'), ('other', 'Something else')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='circle',
            name='phase_before',
            field=models.CharField(blank=True, choices=[('idea', 'Idea'), ('anchoring', 'Anchoring'), ('forming', 'Forming'), ('focusing', 'Focusing'), ('cocreating', 'Co-creating'), ('closing', 'Closing'), ('followup', 'Follow-up'), ('closed', 'Closed'), ('paused', 'Paused'), ('ended_early', 'Ended early')], db_default='', default='', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase_before__in', ('anchoring', 'forming', 'focusing', 'cocreating', 'closing', 'followup')), ('state', 'paused')), models.Q(models.Q(('state', 'paused'), _negated=True), ('phase_before', '')), _connector='OR'), name='paused_circle_remembers_its_phase'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('halt_reason__in', ['staffing', 'illness', 'workload', 'reorganisation', 'concern', 'too_few', 'no_support', 'enough', 'other']), ('state__in', ('paused', 'ended_early'))), models.Q(models.Q(('state__in', ('paused', 'ended_early')), _negated=True), ('halt_reason', '')), _connector='OR'), name='halted_circle_has_a_reason'),
        ),
        migrations.AddField(
            model_name='commitmentcomment',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commitmentsignature',
            name='leader',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitment_signatures', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='concern',
            name='circle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to='circles.circle'),
        ),
        migrations.AddField(
            model_name='concern',
            name='raised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='expectation',
            name='circle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expectations', to='circles.circle'),
        ),
        migrations.AddField(
            model_name='leadercommitment',
            name='circle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='circles.circle'),
        ),
        migrations.AddField(
            model_name='commitmentsignature',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='circles.leadercommitment'),
        ),
        migrations.AddField(
            model_name='commitmentcomment',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='circles.leadercommitment'),
        ),
        migrations.AddField(
            model_name='readinesscheck',
            name='circle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readiness_checks', to='circles.circle'),
        ),
        migrations.AddField(
            model_name='workingagreement',
            name='circle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='circles.circle'),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='concern_has_text'),
        ),
        migrations.AddConstraint(
            model_name='expectation',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='expectation_has_text'),
        ),
        migrations.AddConstraint(
            model_name='leadercommitment',
            constraint=models.UniqueConstraint(fields=('circle', 'version'), name='commitment_version_once_in_circle'),
        ),
        migrations.AddConstraint(
            model_name='leadercommitment',
            constraint=models.CheckConstraint(condition=models.Q(('answer_days__gte', 1), ('answer_days__lte', 30)), name='commitment_answers_within_days'),
        ),
        migrations.AddConstraint(
            model_name='leadercommitment',
            constraint=models.CheckConstraint(condition=models.Q(('facilitators__gte', 1), ('meeting_minutes__gte', 1), ('meetings__gte', 1), ('participants__gte', 1)), name='commitment_counts_something'),
        ),
        migrations.AddConstraint(
            model_name='leadercommitment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cover', ''), _negated=True), models.Q(('mandate', ''), _negated=True), models.Q(('afterwards', ''), _negated=True)), name='commitment_says_everything'),
        ),
        migrations.AddConstraint(
            model_name='commitmentsignature',
            constraint=models.UniqueConstraint(fields=('commitment', 'leader'), name='leader_signs_a_version_once'),
        ),
        migrations.AddConstraint(
            model_name='commitmentcomment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='commitment_comment_has_text'),
        ),
        migrations.AddConstraint(
            model_name='readinesscheck',
            constraint=models.CheckConstraint(condition=models.Q(('advice__in', ['go', 'go_with_care', 'wait'])), name='readiness_check_has_known_advice'),
        ),
        migrations.AddConstraint(
            model_name='workingagreement',
            constraint=models.UniqueConstraint(fields=('circle', 'version'), name='agreement_version_once_in_circle'),
        ),
        migrations.AddConstraint(
            model_name='workingagreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('agreed_count__isnull', True), ('reopened_at__isnull', True)), models.Q(('agreed_at__isnull', False), ('agreed_count__gte', 1)), _connector='OR'), name='agreement_is_agreed_by_somebody'),
        ),
    ]
