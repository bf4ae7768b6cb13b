"""What became of an upload, and beat's look across merchants for those that came to no end."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from tenants.operations import ProtectForeignKey

SQL = (Path(__file__).parent.parent / "sql" / "stale_uploads_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "stale_uploads_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0007_fill_product_columns")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="catalogue_import",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="stores.catalogueimport",
            ),
        ),
        ProtectForeignKey("Upload", "catalogue_import"),
        migrations.RunSQL(SQL, UNDO),
    ]
