"""The key and its merchant, under /api/v1/."""

from django.urls import path

from api.own_views import MeViewSet, OwnMerchantViewSet

urlpatterns = [
    path("me/", MeViewSet.as_view({"get": "retrieve"}), name="api-me"),
    path(
        "merchant/",
        OwnMerchantViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-merchant",
    ),
]
