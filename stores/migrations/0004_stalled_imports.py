"""Beat's look across merchants for imports whose worker died: one function of the role dispatcher."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "stalled_imports_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "stalled_imports_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("stores", "0003_import_bookkeeping")]

    operations = [migrations.RunSQL(SQL, UNDO)]
