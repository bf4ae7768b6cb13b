"""The page of keys, under /m/<merchant>/settings/."""

from django.urls import path

from api import views

app_name = "api"
urlpatterns = [
    path("keys/", views.key_list, name="key_list"),
    path("keys/create/", views.key_create, name="key_create"),
    path("keys/<public_id:key>/revoke/", views.key_revoke, name="key_revoke"),
]
