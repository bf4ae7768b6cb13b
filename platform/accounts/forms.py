"""Forms about people and the shop that they work for."""

import zoneinfo
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.adapter import MAX_EMAIL_CHARACTERS
from accounts.models import User
from accounts.pending import pending_invitation
from tenants.actor import user_actor
from tenants.models import Merchant, Role
from tenants.services import found_merchant
from web.languages import is_language_tag

CURRENCIES = ["EUR", "USD", "GBP", "CNY", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HKD",
              "TWD", "SGD", "KRW", "INR", "AUD", "NZD", "CAD", "BRL", "MXN"]  # fmt: skip


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """Somebody new: founds a shop, unless an invitation waits in the session."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    shop_name = forms.CharField(label=_("Name of your shop"), max_length=120)
    field_order = ["name", "shop_name", "email", "password1", "password2"]

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from allauth.core import context

        request = request or context.request
        if request is not None and pending_invitation(request):
            del self.fields["shop_name"]

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the person is saved, in the request's transaction."""
        user.name = self.cleaned_data["name"]
        user.language = request.LANGUAGE_CODE
        user.save(update_fields=["name", "language"])
        if shop_name := self.cleaned_data.get("shop_name"):
            found_merchant(
                name=shop_name,
                founder=user,
                actor=user_actor(user),
                locale=request.LANGUAGE_CODE,
            )


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=_("Language of the interface"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language"]


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    """A shop's name, language, currency, time zone, and the facts that hold for all its texts."""

    locale = forms.CharField(
        label=_("Language of the shop"),
        max_length=16,
        help_text=_("A language tag such as en, de or zh-Hans. New texts are written in it."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    time_zone = forms.ChoiceField(label=_("Time zone"))
    brand_facts = forms.CharField(
        label=_("Brand facts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One per line, such as “Founded: 1998”. Every text of the shop may use them."),
    )

    class Meta:
        model = Merchant
        fields = ["name", "locale", "currency", "time_zone", "brand_facts"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zoneinfo.available_timezones())
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        facts = self.instance.brand_facts
        self.initial["brand_facts"] = "\n".join(f"{name}: {value}" for name, value in facts.items())

    def clean_locale(self) -> str:
        locale: str = self.cleaned_data["locale"].strip()
        if not is_language_tag(locale):
            raise forms.ValidationError(_("This is not a language tag. Examples: en, de, zh-Hans."))
        return locale

    def clean_brand_facts(self) -> dict[str, str]:
        """The lines as name/value pairs, in their order."""
        facts = {}
        for line in filter(None, map(str.strip, self.cleaned_data["brand_facts"].splitlines())):
            name, colon, value = line.replace("：", ":", 1).partition(":")
            if not (colon and name.strip() and value.strip()):
                raise forms.ValidationError(
                    _("“%(line)s” needs a name, a colon and a value."), params={"line": line}
                )
            facts[name.strip()[:100]] = value.strip()[:500]
        return facts


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=MAX_EMAIL_CHARACTERS)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
