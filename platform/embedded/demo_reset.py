"""`make demo-reset`: an empty database, into which the next `make up` loads the demo anew."""

import os
import shutil
import sys

from embedded.backup import write_backup
from embedded.console import say
from embedded.errors import EmbeddedError
from embedded.offline import run_manage, run_postgres_tool, stopped_copydesk
from embedded.plan import make_plan
from embedded.prepare import forget
from embedded.tool import run_tool

FOLDERS = ("uploads", "outbox")


def main(arguments: list[str]) -> int:
    """Throw everything away but a backup of it; only a demo installation lets you."""
    plan = make_plan(os.environ)
    if not plan.demo:
        raise EmbeddedError("This is not a demo installation (COPYDESK_DEMO, COPYDESK_HOST).")
    with stopped_copydesk(plan) as environment:
        run_manage(environment, "bootstrap_database")
        kept = write_backup(plan, environment, "before-demo-reset")
        drop = ["--quiet", "--command", "DROP DATABASE IF EXISTS copydesk WITH (FORCE)"]
        run_postgres_tool("psql", drop, environment["DATABASE_SUPERUSER_URL"])
        for name in FOLDERS:
            shutil.rmtree(plan.data / name, ignore_errors=True)
        (plan.data / "demo-logins.json").unlink(missing_ok=True)
        forget(plan.data)
    say(f"The demo is gone; what was there is kept in {kept}. `make up` loads it anew.")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
