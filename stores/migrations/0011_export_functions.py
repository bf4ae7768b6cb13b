"""Looks across merchants for due feeds, exports whose worker died and files that are old; and of a
feed's address before its merchant is known."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "exports_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "exports_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0010_export_links"), ("tenants", "0003_directory")]

    operations = [migrations.RunSQL(SQL, UNDO)]
