import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.roles import LOGIN_ROLES, bootstrap, database_of, password_of

VARIABLES = {
    "owner": "DATABASE_OWNER_URL",
    "app": "DATABASE_URL",
    "worker": "DATABASE_WORKER_URL",
    "staff": "DATABASE_STAFF_URL",
    "backup": "DATABASE_BACKUP_URL",
}


class Command(BaseCommand):
    help = "Make the database, its roles, grants and extensions. Reads DATABASE_SUPERUSER_URL; safe to repeat."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        admin_url = os.environ.get("DATABASE_SUPERUSER_URL")
        if not admin_url or "DATABASE_URL" not in os.environ:
            raise CommandError("Set DATABASE_SUPERUSER_URL and the URLs of the roles first.")
        passwords = {
            role: password_of(os.environ[VARIABLES[role]])
            for role in LOGIN_ROLES
            if VARIABLES[role] in os.environ
        }
        database = database_of(os.environ["DATABASE_URL"])
        bootstrap(admin_url, passwords, database)
        self.stdout.write(f"Database {database} is ready for migrate.")
