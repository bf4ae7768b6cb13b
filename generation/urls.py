"""Under /m/<merchant>/."""

from django.urls import path

from generation.views import models

app_name = "generation"
urlpatterns = [
    path("models/", models.model_list, name="model_list"),
    path("models/new/", models.endpoint_create, name="endpoint_create"),
    path("models/<public_id:endpoint>/", models.endpoint_edit, name="endpoint_edit"),
    path("models/<public_id:endpoint>/test/", models.endpoint_test, name="endpoint_test"),
    path("models/<public_id:endpoint>/delete/", models.endpoint_delete, name="endpoint_delete"),
]
