
import django.db.models.deletion
import tenants.fields
import tenants.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merchant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('mer')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('locale', models.CharField(default='en', max_length=16, verbose_name='language of the shop')),
                ('time_zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('brand_facts', models.JSONField(blank=True, default=dict, verbose_name='brand facts')),
                ('queue_weight', models.PositiveSmallIntegerField(default=1, verbose_name='share of the queue')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'merchant',
                'verbose_name_plural': 'merchants',
                'constraints': [models.CheckConstraint(condition=models.Q(('queue_weight__gte', 1)), name='merchant_weight')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('mbr')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer'), ('agent', 'Agent')], max_length=10, verbose_name='role')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [models.UniqueConstraint(fields=('merchant', 'user'), name='membership_once')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('inv')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer'), ('agent', 'Agent')], max_length=10, verbose_name='role')),
                ('token_hash', models.BinaryField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('accepted_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None)), fields=('merchant', 'email'), name='invitation_open_once')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('aud')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('actor_kind', models.CharField(choices=[('user', 'Person'), ('api_key', 'API key'), ('staff', 'Platform staff'), ('system', 'System')], max_length=10, verbose_name='kind of actor')),
                ('actor', models.CharField(max_length=254, verbose_name='actor')),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('target', models.CharField(blank=True, max_length=60, verbose_name='target')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('merchant', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit entries',
                'indexes': [models.Index(fields=['merchant', '-at'], name='audit_merchant_at')],
            },
        ),
    ]
