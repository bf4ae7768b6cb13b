"""Where allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from accounts.pending import pending_invitation

# Forms take addresses of 320 characters, columns 254 (as much as SMTP carries).
MAX_EMAIL_CHARACTERS = 254


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def clean_email(self, email: str) -> str:
        """Addresses are kept in lower case, so that one person has one account."""
        MaxLengthValidator(MAX_EMAIL_CHARACTERS)(email)
        return str(super().clean_email(email)).lower()

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever came through the link in an invitation's mail has shown that the address is theirs."""
        invitation = pending_invitation(request)
        if invitation is not None and invitation.email == email.lower():
            return True
        return bool(super().is_email_verified(request, email))
