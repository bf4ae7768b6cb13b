"""Where allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def clean_email(self, email: str) -> str:
        """Addresses are kept in lower case, so that one person has one account."""
        return str(super().clean_email(email)).lower()

    def populate_username(self, request: Any, user: Any) -> None:
        """There are no user names."""
