
import django.db.models.deletion
import django.db.models.expressions
import tenants.fields
import tenants.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('stores', '0002_row_security'),
        ('tenants', '0003_directory'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GenerationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('run')),
                ('field', models.CharField(default='description', max_length=30, verbose_name='field')),
                ('brief', models.JSONField(verbose_name='brief')),
                ('n_candidates', models.PositiveSmallIntegerField(default=1, verbose_name='candidates')),
                ('seed', models.BigIntegerField(default=0, verbose_name='seed')),
                ('model', models.CharField(default='default', max_length=40, verbose_name='model')),
                ('lane', models.CharField(choices=[('interactive', 'At once'), ('bulk', 'Bulk')], default='bulk', max_length=12, verbose_name='lane')),
                ('state', models.CharField(choices=[('running', 'Running'), ('finished', 'Finished'), ('cancelled', 'Cancelled')], default='running', max_length=10, verbose_name='state')),
                ('n_total', models.PositiveIntegerField(default=0, verbose_name='requests')),
                ('n_succeeded', models.PositiveIntegerField(default=0, verbose_name='written')),
                ('n_failed', models.PositiveIntegerField(default=0, verbose_name='failed')),
                ('n_cancelled', models.PositiveIntegerField(default=0, verbose_name='cancelled')),
                ('n_prompt_tokens', models.PositiveBigIntegerField(default=0, verbose_name='prompt tokens')),
                ('n_completion_tokens', models.PositiveBigIntegerField(default=0, verbose_name='completion tokens')),
                ('seconds', models.FloatField(default=0, verbose_name='seconds')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'generation run',
                'verbose_name_plural': 'generation runs',
            },
        ),
        migrations.CreateModel(
            name='InferenceWorker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=255, verbose_name='host')),
                ('pid', models.PositiveIntegerField(verbose_name='process')),
                ('fence', models.BigIntegerField(unique=True)),
                ('state', models.CharField(choices=[('loading', 'Loading'), ('ready', 'Ready'), ('failed', 'Cannot load its model'), ('stopped', 'Stopped'), ('lost', 'Lost')], max_length=10, verbose_name='state')),
                ('model', models.CharField(blank=True, max_length=300, verbose_name='model')),
                ('revision', models.CharField(blank=True, max_length=100, verbose_name='revision')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='device')),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error', models.CharField(blank=True, max_length=1000, verbose_name='error')),
                ('lease_expires_at', models.DateTimeField(verbose_name='lease until')),
                ('started_at', models.DateTimeField(auto_now_add=True, verbose_name='started')),
            ],
            options={
                'verbose_name': 'worker',
                'verbose_name_plural': 'workers',
                'indexes': [models.Index(fields=['state', 'lease_expires_at'], name='worker_lease')],
            },
        ),
        migrations.CreateModel(
            name='GenerationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('req')),
                ('lane', models.CharField(choices=[('interactive', 'At once'), ('bulk', 'Bulk')], max_length=12)),
                ('model', models.CharField(default='default', max_length=40)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('claimed', 'Being written'), ('generated', 'Being checked'), ('succeeded', 'Written'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('quarantined', 'Set aside')], default='queued', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('crashes', models.PositiveSmallIntegerField(default=0, verbose_name='crashes')),
                ('is_cancel_requested', models.BooleanField(default=False)),
                ('fence', models.BigIntegerField(null=True)),
                ('available_at', models.DateTimeField(auto_now_add=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('generated_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('prompt', models.JSONField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error', models.CharField(blank=True, max_length=1000, verbose_name='error')),
                ('n_prompt_tokens', models.PositiveIntegerField(default=0)),
                ('n_completion_tokens', models.PositiveIntegerField(default=0)),
                ('seconds', models.FloatField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stores.product')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='generation.generationrun')),
                ('worker', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='generation.inferenceworker')),
            ],
            options={
                'verbose_name': 'generation request',
                'verbose_name_plural': 'generation requests',
            },
        ),
        migrations.CreateModel(
            name='MerchantEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('base_url', models.URLField(max_length=500, verbose_name='address')),
                ('model', models.CharField(max_length=200, verbose_name='model')),
                ('api_key_encrypted', models.BinaryField(blank=True, default=b'')),
                ('max_concurrency', models.PositiveSmallIntegerField(default=4, verbose_name='calls at once')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('public_id', tenants.fields.PublicIdField('mep')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'own model',
                'verbose_name_plural': 'own models',
            },
        ),
        migrations.CreateModel(
            name='PlatformModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('base_url', models.URLField(max_length=500, verbose_name='address')),
                ('model', models.CharField(max_length=200, verbose_name='model')),
                ('api_key_encrypted', models.BinaryField(blank=True, default=b'')),
                ('max_concurrency', models.PositiveSmallIntegerField(default=4, verbose_name='calls at once')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('public_id', tenants.fields.PublicIdField('mod')),
            ],
            options={
                'verbose_name': 'model',
                'verbose_name_plural': 'models',
                'constraints': [models.UniqueConstraint(fields=('name',), name='platformmodel_name')],
            },
        ),
        migrations.CreateModel(
            name='QueueTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane', models.CharField(choices=[('interactive', 'At once'), ('bulk', 'Bulk')], max_length=12)),
                ('model', models.CharField(default='default', max_length=40)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('virtual_time', models.FloatField(null=True)),
                ('woken_at', models.DateTimeField()),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'turn',
                'verbose_name_plural': 'turns',
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('can')),
                ('index', models.PositiveSmallIntegerField()),
                ('raw', models.TextField()),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('finish_reason', models.CharField(max_length=10)),
                ('mean_logprob', models.FloatField(null=True)),
                ('n_completion_tokens', models.PositiveIntegerField(default=0)),
                ('is_usable', models.BooleanField(null=True, verbose_name='usable')),
                ('findings', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
                ('request', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='generation.generationrequest')),
            ],
            options={
                'verbose_name': 'candidate',
                'verbose_name_plural': 'candidates',
                'ordering': ['index'],
                'constraints': [models.UniqueConstraint(fields=('merchant', 'request', 'index'), name='candidate_once')],
            },
        ),
        migrations.AddIndex(
            model_name='generationrun',
            index=models.Index(fields=['merchant', '-created_at', '-id'], name='run_latest'),
        ),
        migrations.AddConstraint(
            model_name='generationrun',
            constraint=models.CheckConstraint(condition=models.Q(('n_candidates__range', (1, 8))), name='run_candidates'),
        ),
        migrations.AddConstraint(
            model_name='generationrun',
            constraint=models.CheckConstraint(condition=models.Q(('n_total__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('n_succeeded'), '+', models.F('n_failed')), '+', models.F('n_cancelled')))), name='run_counts'),
        ),
        migrations.AddIndex(
            model_name='generationrequest',
            index=models.Index(condition=models.Q(('crashes', 0), ('state', 'queued')), fields=['merchant', 'lane', 'model', 'available_at', 'id'], name='request_waiting'),
        ),
        migrations.AddIndex(
            model_name='generationrequest',
            index=models.Index(condition=models.Q(('crashes__gt', 0), ('state', 'queued')), fields=['available_at'], name='request_suspect'),
        ),
        migrations.AddIndex(
            model_name='generationrequest',
            index=models.Index(condition=models.Q(('state', 'claimed')), fields=['worker', 'fence'], name='request_held'),
        ),
        migrations.AddIndex(
            model_name='generationrequest',
            index=models.Index(condition=models.Q(('state', 'generated')), fields=['generated_at'], name='request_unchecked'),
        ),
        migrations.AddIndex(
            model_name='generationrequest',
            index=models.Index(fields=['merchant', 'run', 'state', 'id'], name='request_of_run'),
        ),
        migrations.AddConstraint(
            model_name='generationrequest',
            constraint=models.UniqueConstraint(fields=('merchant', 'run', 'product'), name='request_once'),
        ),
        migrations.AddConstraint(
            model_name='generationrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'claimed'), _negated=True), models.Q(('fence__isnull', False), ('worker__isnull', False)), _connector='OR'), name='request_claimed_has_worker'),
        ),
        migrations.AddConstraint(
            model_name='merchantendpoint',
            constraint=models.UniqueConstraint(fields=('merchant', 'name'), name='merchantendpoint_name'),
        ),
        migrations.AddIndex(
            model_name='queueturn',
            index=models.Index(fields=['lane', 'virtual_time', 'merchant'], name='turn_order'),
        ),
        migrations.AddConstraint(
            model_name='queueturn',
            constraint=models.UniqueConstraint(fields=('merchant', 'lane', 'model'), name='turn_once'),
        ),
    ]
