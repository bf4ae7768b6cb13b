"""Images that are due for another look, and beat's look across merchants for them."""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent.parent / "sql" / "unchecked_images_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "unchecked_images_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0013_fill_search")]

    operations = [
        migrations.AddIndex(
            model_name="productimage",
            index=models.Index(
                condition=models.Q(("checked_at__isnull", False)),
                fields=["merchant", "checked_at"],
                name="image_by_check",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
