"""The queue's look across merchants: four functions of the role dispatcher, for workers only.

The dispatcher sees bookkeeping columns; prompts, briefs and texts it cannot read.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "dispatcher_v1.sql").read_text()
UNDO = (Path(__file__).parent.parent / "sql" / "dispatcher_v1_undo.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("generation", "0002_row_security")]

    operations = [migrations.RunSQL(SQL, UNDO)]
