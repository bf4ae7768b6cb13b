"""Runs, requests and candidates, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from generation.api.views import (
    CandidateViewSet,
    GenerationRequestViewSet,
    GenerationRunViewSet,
    RunRequestViewSet,
)

router = SimpleRouter()
router.register("generation-runs", GenerationRunViewSet, basename="api-run")
router.register("generation-requests", GenerationRequestViewSet, basename="api-request")

urlpatterns = [
    *router.urls,
    path(
        "generation-runs/<str:id>/requests/",
        RunRequestViewSet.as_view({"get": "list"}),
        name="api-run-requests",
    ),
    path(
        "generation-requests/<str:id>/candidates/",
        CandidateViewSet.as_view({"get": "list"}),
        name="api-request-candidates",
    ),
]
