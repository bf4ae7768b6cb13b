"""The page of keys, under /m/<merchant>/settings/."""

from django.urls import path

from api import key_views as views

app_name = "api"
urlpatterns = [
    path("keys/", views.key_list, name="key_list"),
    path("keys/create/", views.key_create, name="key_create"),
    path("keys/<public_id:key>/", views.key_detail, name="key_detail"),
    path("keys/<public_id:key>/edit/", views.key_edit, name="key_edit"),
    path("keys/<public_id:key>/rotate/", views.key_rotate, name="key_rotate"),
    path("keys/<public_id:key>/revoke/", views.key_revoke, name="key_revoke"),
]
