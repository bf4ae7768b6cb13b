"""Where somebody lands before a merchant is chosen, and what a development server adds."""

from django.conf import settings
from django.urls import path

from dashboard.views import demo, start

app_name = "dashboard_start"
urlpatterns = [path("", start.start, name="start")]

if settings.COPYDESK_DEMO:
    urlpatterns += [
        path("outbox/", demo.outbox_page, name="outbox"),
        path("demo/<str:ticket>/", demo.enter, name="demo_enter"),
    ]
