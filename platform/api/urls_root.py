"""What the API says about itself, under /api/."""

from django.urls import path

from api import views

app_name = "api_docs"
urlpatterns = [
    path("schema/", views.schema, name="schema"),
    path("docs/", views.docs, name="docs"),
    path("problems/<slug:code>/", views.problem, name="problem"),
]
