"""A partner of a merchant: a key, and a client that sends it."""

from django.db import transaction
from django.test import Client

from api.models import Scope
from api.services import create_api_key
from tenants.actor import SYSTEM
from tenants.scope import merchant_scope


class Partner(Client):
    """Sends JSON with its key; `key` is the row, `secret` the text of the key."""

    def __init__(self, merchant, scopes=tuple(Scope.values), expires_at=None, **kwargs):
        super().__init__(**kwargs)
        self.merchant = merchant
        with merchant_scope(merchant.pk), transaction.atomic():
            self.key, self.secret = create_api_key(
                name="Warehouse", scopes=scopes, expires_at=expires_at, actor=SYSTEM
            )

    def request(self, **environ):
        environ.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.secret}")
        return super().request(**environ)

    def post(self, path, data=None, content_type="application/json", **kwargs):
        return super().post(path, {} if data is None else data, content_type, **kwargs)

    def rows(self):
        """The scope of the merchant and a transaction, to look at what was done."""
        return _Rows(self.merchant)


class _Rows:
    def __init__(self, merchant):
        self.contexts = [merchant_scope(merchant.pk), transaction.atomic()]

    def __enter__(self):
        for context in self.contexts:
            context.__enter__()

    def __exit__(self, *error):
        for context in reversed(self.contexts):
            context.__exit__(*error)
