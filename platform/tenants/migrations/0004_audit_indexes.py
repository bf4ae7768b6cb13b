from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_directory")]

    operations = [
        migrations.AddIndex("auditentry", models.Index(fields=["at"], name="audit_at")),
        migrations.AddIndex("auditentry", models.Index(fields=["target"], name="audit_target")),
    ]
