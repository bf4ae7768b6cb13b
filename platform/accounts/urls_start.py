"""Pages about a person, outside any merchant."""

from django.urls import path

from accounts.views import invitations, shop

app_name = "accounts_start"
urlpatterns = [
    path("profile/", shop.profile, name="profile"),
    path("shops/new/", shop.merchant_create, name="merchant_create"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/switch/", invitations.switch_person, name="switch_person"),
]
