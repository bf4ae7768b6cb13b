"""/api/: the schema and its pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
