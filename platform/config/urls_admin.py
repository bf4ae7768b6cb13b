"""The addresses of the staff's process."""

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from dashboard.views.health import health

urlpatterns = [
    path("healthz/", health, name="health"),
    path("language/", set_language, name="set_language"),
    path("", admin.site.urls),
]
handler403 = "config.staff_errors.forbidden"
handler404 = "config.staff_errors.not_found"
handler500 = "config.staff_errors.broken"
