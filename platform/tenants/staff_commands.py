"""What platform staff may do to a row: a page with a form, then one call of a service.

GET only shows the page. POST runs the service on the default connection, in the scope of the
row's merchant and in one transaction, so that the service's audit entry commits with the change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.actor import Actor
from tenants.staff_access import scope_of


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


@dataclass(frozen=True)
class Order:
    """What a command is given. subject: read on the default connection; None where one is made."""

    subject: Any
    data: dict[str, Any]
    actor: Actor


def _always(user: Any, subject: Any) -> bool:
    return True


def _nothing(subject: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class StaffCommand:
    """A button on a row's page.

    run: calls a service; may return a sentence that replaces `done`. may: whether this person may
    do it to this row (the button is hidden, the page is 403). is_atomic: False for calls to other
    hosts, which open transactions themselves. leads_to_list: the row is gone afterwards.
    """

    name: str
    title: str | Promise
    run: Callable[[Order], str | Promise | None]
    done: str | Promise
    text: str | Promise = ""
    form: type[forms.Form] = ConfirmForm
    initial: Callable[[Any], dict[str, Any]] = _nothing
    may: Callable[[Any, Any], bool] = _always
    icon: str = "edit"
    is_dangerous: bool = False
    is_atomic: bool = True
    leads_to_list: bool = False
    button: str | Promise = field(default=_("Save"))

    @property
    def variant(self) -> ActionVariant:
        return ActionVariant.DANGER if self.is_dangerous else ActionVariant.DEFAULT

    def carry_out(self, shown: models.Model | None, data: dict[str, Any], actor: Actor) -> str:
        """Do it, and return the sentence for the person. shown: the row as the page read it.

        Raises DomainError if a rule forbids it; then nothing has changed.
        """
        if not self.is_atomic:
            return str(self.run(Order(shown, data, actor)) or self.done)
        with scope_of(shown), transaction.atomic():
            subject = None if shown is None else _on_default(shown)
            return str(self.run(Order(subject, data, actor)) or self.done)


def _on_default(shown: models.Model) -> Any:
    return type(shown)._default_manager.using("default").get(pk=shown.pk)
