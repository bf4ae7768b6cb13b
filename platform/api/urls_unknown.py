"""The last addresses under /api/: what no resource took is answered with a problem, not with a page."""

from django.urls import re_path

from api import views

urlpatterns = [re_path(r"^(?P<rest>.*)$", views.unknown_address, name="api_unknown")]
