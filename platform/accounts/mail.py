"""The mails that we send ourselves (allauth sends its own)."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from tenants.models import Invitation, Merchant


def send_invitation(*, invitation: Invitation, merchant: Merchant, token: str, sender: str) -> None:
    """Mail the link with which a colleague joins."""
    # Sent from the staff's process too, whose own addresses do not have the page.
    path = reverse("accounts_start:invitation", args=[token], urlconf="config.urls")
    link = settings.BASE_URL + path
    body = render_to_string(
        "accounts/mail/invitation.txt",
        {"invitation": invitation, "merchant": merchant, "link": link, "sender": sender},
    )
    subject = gettext("%(sender)s invites you to %(shop)s on Copydesk") % {
        "sender": sender,
        "shop": merchant.name,
    }
    send_mail(" ".join(subject.split()), body, None, [invitation.email])
