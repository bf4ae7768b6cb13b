
import django.contrib.postgres.fields
import django.db.models.deletion
import tenants.fields
import tenants.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('cim')),
                ('file_name', models.CharField(max_length=255, verbose_name='file')),
                ('file', models.FileField(max_length=255, upload_to='')),
                ('size_bytes', models.BigIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64)),
                ('format', models.CharField(blank=True, max_length=30, verbose_name='format')),
                ('options', models.JSONField(blank=True, default=dict)),
                ('columns', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('reading', 'Reading'), ('previewed', 'Ready to confirm'), ('applying', 'Importing'), ('finished', 'Finished'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], max_length=10, verbose_name='state')),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error', models.CharField(blank=True, max_length=1000, verbose_name='error')),
                ('n_bytes_read', models.BigIntegerField(default=0)),
                ('n_rows', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('n_new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('n_changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('n_unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('n_invalid', models.PositiveIntegerField(default=0, verbose_name='invalid')),
                ('n_applied', models.PositiveIntegerField(default=0, verbose_name='imported')),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
            },
        ),
        migrations.CreateModel(
            name='CopySlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('csl')),
                ('field', models.CharField(choices=[('description', 'Description')], max_length=30, verbose_name='field')),
                ('channel', models.CharField(default='shop', max_length=30, verbose_name='channel')),
                ('locale', models.CharField(max_length=16, verbose_name='language')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'copy slot',
                'verbose_name_plural': 'copy slots',
            },
        ),
        migrations.CreateModel(
            name='CopyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('cpv')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('text', models.TextField(verbose_name='text')),
                ('source', models.CharField(choices=[('human', 'Human'), ('imported', 'Imported'), ('ai', 'AI'), ('ai_edited', 'AI, edited'), ('template', 'Template')], max_length=10, verbose_name='source')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('approved', 'Approved'), ('published', 'Published'), ('rejected', 'Rejected'), ('retired', 'Retired')], max_length=10, verbose_name='state')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample')),
                ('provenance', models.JSONField(blank=True, default=dict, verbose_name='provenance')),
                ('candidate', models.CharField(blank=True, max_length=30)),
                ('edited_share', models.FloatField(null=True, verbose_name='share edited')),
                ('rejection_reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='reviewed')),
                ('published_at', models.DateTimeField(null=True, verbose_name='published')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='stores.copyversion')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('slot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='stores.copyslot')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
            },
        ),
        migrations.CreateModel(
            name='ImportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('first_row', models.PositiveIntegerField(verbose_name='row')),
                ('handle', models.CharField(blank=True, max_length=255, verbose_name='handle')),
                ('title', models.CharField(blank=True, max_length=255, verbose_name='title')),
                ('action', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('invalid', 'Invalid')], max_length=10, verbose_name='action')),
                ('data', models.JSONField(default=dict)),
                ('changes', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('is_applied', models.BooleanField(default=False)),
                ('catalogue_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='stores.catalogueimport')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of an import',
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('prd')),
                ('handle', models.CharField(max_length=255, verbose_name='handle')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('vendor', models.CharField(blank=True, max_length=255, verbose_name='vendor')),
                ('product_type', models.CharField(blank=True, max_length=255, verbose_name='type')),
                ('category', models.CharField(blank=True, max_length=500, verbose_name='category')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                ('status', models.CharField(choices=[('active', 'Active'), ('draft', 'Draft'), ('archived', 'Archived')], default='active', max_length=10, verbose_name='status')),
                ('locale', models.CharField(default='en', max_length=16, verbose_name='language')),
                ('attributes', models.JSONField(blank=True, default=list, verbose_name='attributes')),
                ('option_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                ('source', models.JSONField(blank=True, default=dict, editable=False, help_text='What the file held that we do not model: given back on export.')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
        ),
        migrations.AddField(
            model_name='copyslot',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='stores.product'),
        ),
        migrations.CreateModel(
            name='ProductImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('img')),
                ('url', models.URLField(max_length=2000, verbose_name='address')),
                ('alt_text', models.CharField(blank=True, max_length=512, verbose_name='alternative text')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='images', to='stores.product')),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', tenants.fields.PublicIdField('sku')),
                ('code', models.CharField(blank=True, max_length=255, verbose_name='SKU')),
                ('barcode', models.CharField(blank=True, max_length=64, verbose_name='barcode')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None)),
                ('price_minor', models.BigIntegerField(blank=True, null=True, verbose_name='price')),
                ('compare_at_price_minor', models.BigIntegerField(blank=True, null=True, verbose_name='price before')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('weight_grams', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True, verbose_name='weight in grams')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('source', models.JSONField(blank=True, default=dict, editable=False)),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stores.productimage')),
                ('merchant', models.ForeignKey(db_index=False, default=tenants.scope.current_merchant_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.merchant')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='stores.product')),
            ],
            options={
                'verbose_name': 'SKU',
                'verbose_name_plural': 'SKUs',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='catalogueimport',
            index=models.Index(fields=['merchant', '-created_at', '-id'], name='import_latest'),
        ),
        migrations.AddIndex(
            model_name='copyversion',
            index=models.Index(condition=models.Q(('state', 'draft')), fields=['merchant', 'created_at', 'id'], name='copy_drafts'),
        ),
        migrations.AddIndex(
            model_name='copyversion',
            index=models.Index(fields=['merchant', 'state', '-id'], name='copy_by_state'),
        ),
        migrations.AddConstraint(
            model_name='copyversion',
            constraint=models.UniqueConstraint(fields=('merchant', 'slot', 'number'), name='copy_number_once'),
        ),
        migrations.AddConstraint(
            model_name='copyversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('merchant', 'slot'), name='copy_published_once'),
        ),
        migrations.AddConstraint(
            model_name='copyversion',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('candidate', ''), _negated=True), ('source', 'ai')), fields=('merchant', 'candidate'), name='copy_candidate_once'),
        ),
        migrations.AddConstraint(
            model_name='copyversion',
            constraint=models.CheckConstraint(condition=models.Q(('edited_share', None), ('edited_share__range', (0, 1)), _connector='OR'), name='copy_share'),
        ),
        migrations.AddIndex(
            model_name='importitem',
            index=models.Index(fields=['merchant', 'catalogue_import', 'action', 'position'], name='import_item_by_action'),
        ),
        migrations.AddConstraint(
            model_name='importitem',
            constraint=models.UniqueConstraint(fields=('merchant', 'catalogue_import', 'position'), name='import_item_once'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['merchant', 'title', 'id'], name='product_by_title'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['merchant', '-updated_at', '-id'], name='product_by_update'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['merchant', 'product_type'], name='product_by_type'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(fields=('merchant', 'handle'), name='product_handle_once'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('handle', ''), _negated=True), name='product_has_handle'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='product_has_title'),
        ),
        migrations.AddConstraint(
            model_name='copyslot',
            constraint=models.UniqueConstraint(fields=('merchant', 'product', 'field', 'channel', 'locale'), name='slot_once'),
        ),
        migrations.AddConstraint(
            model_name='productimage',
            constraint=models.UniqueConstraint(fields=('merchant', 'product', 'url'), name='image_once'),
        ),
        migrations.AddIndex(
            model_name='sku',
            index=models.Index(fields=['merchant', 'code'], name='sku_by_code'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.UniqueConstraint(fields=('merchant', 'product', 'options'), name='sku_options_once'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('price_minor', None), ('price_minor__gte', 0), _connector='OR'), name='sku_price_not_negative'),
        ),
    ]
