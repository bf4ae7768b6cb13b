from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.models import User
from dashboard.demo.logins import logins_path, saved_logins
from dashboard.demo.people import PEOPLE, Person
from dashboard.tickets import MAX_AGE_SECONDS, make_ticket
from tenants.selectors import desks_of


class Command(BaseCommand):
    help = "Print sign-in links of the demo's people: for one use each, from this machine only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.COPYDESK_DEMO:
            raise CommandError("There is no demo here: COPYDESK_DEMO is off, or the host is open.")
        passwords = saved_logins()
        if not passwords:
            raise CommandError("The demo is not loaded yet: run load_demo.")
        self.stdout.write(f"  Sign in with one click ({MAX_AGE_SECONDS // 60} minutes, one use):")
        for line in _links():
            self.stdout.write(line)
        self.stdout.write(f"  Or with a password (kept in {logins_path()}):")
        for email, password in passwords.items():
            self.stdout.write(f"    {email:<28}{password}")


def _links() -> Iterator[str]:
    for person in PEOPLE:
        if not person.is_staff:
            address = reverse("dashboard_start:demo_enter", args=[make_ticket(person.email)])
            yield f"    {_desks(person)}"
            yield f"      {settings.BASE_URL}{address}"


def _desks(person: Person) -> str:
    user = User.objects.get(email=person.email)
    desks = [f"{desk.merchant.name}, {desk.role}" for desk in desks_of(user.pk)]
    return f"{person.email}: {'; '.join(desks)}"
