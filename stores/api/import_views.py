"""Imports of catalogue files: uploaded, polled, looked through, confirmed or cancelled."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.pagination import CursorPagination
from api.parsers import BoundedMultiPartParser, ShallowJSONParser
from api.viewsets import MerchantViewSet
from stores.api import inputs, serializers
from stores.api.filters import ImportItemFilterSet
from stores.importers.base import ImportOptions
from stores.models import CatalogueImport, ImportItem
from stores.services.imports import cancel_import, confirm_import, start_import


class ImportViewSet(MerchantViewSet):
    model = CatalogueImport
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE
    serializer_class = serializers.CatalogueImportSerializer
    parser_classes = [BoundedMultiPartParser]

    def list(self, request: Request) -> Response:
        """List the imports, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how far an import is."""
        return self.answer(self.get_object())

    @extend_schema(
        request={"multipart/form-data": inputs.ImportInput},
        responses={202: serializers.CatalogueImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Upload a catalogue file.

        It is read into a preview: poll until `state` is `previewed`, look at its items, then
        confirm or cancel.
        """
        values = self.input(inputs.ImportInput)
        file = values.pop("file")
        merchant = self.request.auth.merchant
        options = ImportOptions(
            **{"locale": merchant.locale, "currency": merchant.currency, **values}
        )
        started = start_import(file=file, file_name=file.name, options=options, actor=self.actor)
        return self.created(started, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        request=inputs.ConfirmInput, responses={202: serializers.CatalogueImportSerializer}
    )
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def confirm(self, request: Request, id: str) -> Response:
        """Have the previewed products written."""
        previewed = self.get_object()
        values = self.input(inputs.ConfirmInput)
        confirm_import(catalogue_import=previewed, actor=self.actor, **values)
        return self.answer(self.fresh(previewed), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def cancel(self, request: Request, id: str) -> Response:
        """Stop an import; what it has written stays."""
        cancelled = cancel_import(catalogue_import=self.get_object(), actor=self.actor)
        return self.answer(self.fresh(cancelled))


class ItemPagination(CursorPagination):
    """In the order of the file."""

    ordering = "position"


class ImportItemViewSet(MerchantViewSet):
    model, parent = ImportItem, CatalogueImport
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE
    serializer_class = serializers.ImportItemSerializer
    filterset_class = ImportItemFilterSet
    pagination_class = ItemPagination

    def rows(self) -> Any:
        return ImportItem.objects.filter(catalogue_import=self.parent_row())

    def list(self, request: Request, id: str) -> Response:
        """List the products of the file, in its order, with what is wrong with them."""
        return self.page_of(self.get_queryset())
