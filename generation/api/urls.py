"""Runs, requests, candidates and models, under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from generation.api.model_views import EndpointViewSet, ModelViewSet
from generation.api.views import (
    CandidateViewSet,
    GenerationRequestViewSet,
    GenerationRunViewSet,
    RegenerationViewSet,
    RequestCandidateViewSet,
    RunRequestViewSet,
)

router = SimpleRouter()
router.register("generation-runs", GenerationRunViewSet, basename="api-run")
router.register("generation-requests", GenerationRequestViewSet, basename="api-request")
router.register("candidates", CandidateViewSet, basename="api-candidate")
router.register("models", ModelViewSet, basename="api-model")
router.register("model-endpoints", EndpointViewSet, basename="api-model-endpoint")

urlpatterns = [
    *router.urls,
    path(
        "generation-runs/<str:id>/requests/",
        RunRequestViewSet.as_view({"get": "list"}),
        name="api-run-requests",
    ),
    path(
        "generation-requests/<str:id>/candidates/",
        RequestCandidateViewSet.as_view({"get": "list"}),
        name="api-request-candidates",
    ),
    path(
        "copy-versions/<str:id>/regenerate/",
        RegenerationViewSet.as_view({"post": "create"}),
        name="api-copy-version-regenerate",
    ),
]
