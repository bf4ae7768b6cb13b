"""Why a product is left out of a bulk edit, and beat's look across merchants for those that lie still."""

from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent.parent / "sql" / "stalled_bulk_edits_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "stalled_bulk_edits_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0008_uploads")]

    operations = [
        migrations.AddField(
            model_name="bulkedit",
            name="n_invalid",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Products that cannot take the change.",
                verbose_name="invalid",
            ),
        ),
        migrations.AddField(
            model_name="bulkedititem",
            name="problem",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="bulkedititem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("applied", "Applied"),
                    ("skipped", "Skipped"),
                    ("undone", "Taken back"),
                    ("invalid", "Not possible"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
