"""Under /m/<merchant>/settings/."""

from django.urls import path

from accounts.views import members, shop

app_name = "accounts"
urlpatterns = [
    path("", shop.merchant_settings, name="merchant_settings"),
    path("members/", members.member_list, name="member_list"),
    path("members/invite/", members.invitation_create, name="invitation_create"),
    path("members/<public_id:member>/role/", members.member_role, name="member_role"),
    path("members/<public_id:member>/remove/", members.member_remove, name="member_remove"),
    path(
        "invitations/<public_id:invitation>/withdraw/",
        members.invitation_withdraw,
        name="invitation_withdraw",
    ),
]
