"""The addresses of the merchants' process. What belongs to one merchant lies under /m/<merchant>/."""

from django.conf import settings
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from dashboard.views.health import health
from stores.views.feeds import feed_file
from tenants.fields import PublicIdConverter

register_converter(PublicIdConverter, "public_id")

merchant_pages = [
    path("", include("dashboard.urls")),
    path("", include("stores.urls")),
    path("", include("generation.urls")),
    path("settings/", include("accounts.urls")),
    path("settings/", include("api.urls")),
]

urlpatterns = [
    path("healthz/", health, name="health"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("dashboard.urls_start")),
    path("", include("accounts.urls_start")),
    path("feeds/<str:token>", feed_file, name="feed"),
    path("m/<public_id:merchant>/", include(merchant_pages)),
    path("api/", include("api.urls_root")),
    path("api/v1/", include("api.urls_v1")),
    path("api/v1/", include("stores.api.urls")),
    path("api/v1/", include("generation.api.urls")),
    path("api/", include("api.urls_unknown")),
]

if settings.DEBUG or settings.COPYDESK_DEMO:
    urlpatterns += [path("", include("web.urls"))]
