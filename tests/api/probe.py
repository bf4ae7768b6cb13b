"""A resource that does nothing but what a test asks for, at /api/v1/probe/ of its own addresses."""

import time

from django.urls import include, path
from rest_framework import serializers
from rest_framework.response import Response

from api.models import Scope
from api.parsers import BoundedMultiPartParser, ShallowJSONParser
from api.viewsets import MerchantViewSet
from tenants import audit
from tenants.errors import DomainError
from tenants.models import AuditEntry


class OptionInput(serializers.Serializer):
    name = serializers.CharField(max_length=5)


class ProbeInput(serializers.Serializer):
    note = serializers.CharField(max_length=20)
    options = OptionInput(many=True, required=False)
    fail = serializers.CharField(required=False)
    file = serializers.FileField(required=False)
    seconds = serializers.FloatField(default=0)


class ProbeViewSet(MerchantViewSet):
    model = AuditEntry
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE
    serializer_class = ProbeInput
    parser_classes = [ShallowJSONParser, BoundedMultiPartParser]

    def list(self, request):
        return Response({"actor": [self.actor.kind, self.actor.label]})

    def create(self, request):
        values = self.input(ProbeInput)
        audit.record("probe.made", actor=self.actor, note=values["note"])
        time.sleep(values["seconds"])
        if values.get("fail") == "domain":
            raise DomainError("probe_refused", "Not today.", status=409)
        if values.get("fail") == "bug":
            raise RuntimeError("the secret of the house")
        return Response({"é": values["note"], "b": 1, "a": 2}, status=201)


urlpatterns = [
    path("api/v1/probe/", ProbeViewSet.as_view({"get": "list", "post": "create"})),
    path("", include("config.urls")),
]
