"""Signing in to the staff's site: a password cannot be guessed by trying."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

MOST_FAILURES = 10
FORGOTTEN_AFTER_SECONDS = 300


class StaffLoginForm(AuthenticationForm):  # type: ignore[misc]  # untyped base
    """Ten wrong passwords for an address, and it rests for five minutes, right passwords included."""

    def clean(self) -> Any:
        key = _key(self.cleaned_data.get("username", ""))
        if cache.get(key, 0) >= MOST_FAILURES:
            raise ValidationError(_("Too many attempts. Try again in a few minutes."), "throttled")
        try:
            return super().clean()
        except ValidationError:
            cache.add(key, 0, FORGOTTEN_AFTER_SECONDS)
            cache.incr(key)
            raise


def _key(email: str) -> str:
    return "staff-login:" + hashlib.sha256(email.strip().lower().encode()).hexdigest()
