from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent.parent / "sql" / "old_import_files_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "old_import_files_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0015_image_problems")]

    operations = [
        migrations.AlterField(
            model_name="catalogueimport",
            name="file",
            field=models.FileField(blank=True, max_length=255),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
