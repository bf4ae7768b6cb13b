"""Under /m/<merchant>/."""

from django.urls import path

from generation.views import models, review, runs

app_name = "generation"
urlpatterns = [
    path("runs/", runs.run_list, name="run_list"),
    path("runs/new/", runs.run_create, name="run_create"),
    path("runs/<public_id:run>/", runs.run_detail, name="run_detail"),
    path("runs/<public_id:run>/cancel/", runs.run_cancel, name="run_cancel"),
    path("runs/<public_id:run>/retry/", runs.run_retry, name="run_retry"),
    path("review/", review.review, name="review"),
    path("review/publish/", review.review_publish, name="review_publish"),
    path("review/<public_id:version>/", review.review_item, name="review_item"),
    path(
        "review/<public_id:version>/waiting/<public_id:run>/",
        review.review_waiting,
        name="review_waiting",
    ),
    path("review/<public_id:version>/<slug:action>/", review.review_act, name="review_act"),
    path("models/", models.model_list, name="model_list"),
    path("models/new/", models.endpoint_create, name="endpoint_create"),
    path("models/<public_id:endpoint>/", models.endpoint_edit, name="endpoint_edit"),
    path("models/<public_id:endpoint>/test/", models.endpoint_test, name="endpoint_test"),
    path("models/<public_id:endpoint>/delete/", models.endpoint_delete, name="endpoint_delete"),
]
