"""Imports of catalogue files: uploaded, polled, looked through, corrected, confirmed or cancelled."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import CursorPagination
from api.parsers import BoundedMultiPartParser, JsonLinesParser, ShallowJSONParser
from api.problems import InvalidParameters
from api.renderers import CsvRenderer, JsonLinesRenderer
from stores.api import import_inputs as inputs
from stores.api import import_serializers as serializers
from stores.api.filters import ImportFilterSet, ImportItemFilterSet
from stores.api.reports import import_report
from stores.api.views import CatalogueViewSet
from stores.importers.base import ImportOptions
from stores.models import CatalogueImport, ImportItem, MappingProfile
from stores.services.import_corrections import correct_item
from stores.services.imports import (
    cancel_import,
    confirm_import,
    reread_import,
    retry_corrected,
    start_import,
)
from stores.services.profiles import with_profile, without_kept
from tenants.errors import DomainError

TAKEN = {202: serializers.CatalogueImportSerializer}


class ImportStarting(CatalogueViewSet):
    """What starts an import."""

    model = CatalogueImport
    serializer_class = serializers.CatalogueImportSerializer

    def options_of(self, told: dict[str, Any]) -> ImportOptions:
        """What was said, with the merchant's language and currency where nothing was."""
        merchant = self.request.auth.merchant
        return ImportOptions(**{"locale": merchant.locale, "currency": merchant.currency, **told})

    def started(self, file: Any, name: str, values: dict[str, Any]) -> Response:
        options = self.options_of(values)
        found = start_import(file=file, file_name=name, options=options, actor=self.actor)
        response = self.answer(found, status=status.HTTP_202_ACCEPTED)
        response["Location"] = self.address_of("api-import-detail", found)
        return response


class ImportViewSet(ImportStarting):
    noun = "import"
    filterset_class = ImportFilterSet
    parser_classes = [BoundedMultiPartParser]

    def rows(self) -> Any:
        return CatalogueImport.objects.select_related("profile")

    def list(self, request: Request) -> Response:
        """List the imports, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how far an import is."""
        return self.answer(self.get_object())

    @extend_schema(request={"multipart/form-data": inputs.ImportInput}, responses=TAKEN)
    def create(self, request: Request) -> Response:
        """Upload a catalogue file.

        It is read into a preview: poll until `state` is `previewed`, look at its items, then
        confirm or cancel. A table of no format that we know waits in `mapping` until `reread` says
        what its columns are.
        """
        values = self.input(inputs.ImportInput)
        file = values.pop("file")
        return self.started(file, file.name, values)

    @extend_schema(request=inputs.ConfirmInput, responses=TAKEN)
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def confirm(self, request: Request, id: str) -> Response:
        """Have the previewed products written."""
        previewed = self.get_object()
        values = self.input(inputs.ConfirmInput)
        confirm_import(catalogue_import=previewed, actor=self.actor, **values)
        return self.answer(self.fresh(previewed), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=inputs.RereadInput, responses=TAKEN)
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def reread(self, request: Request, id: str) -> Response:
        """Have the file read once more, in another way or with its columns assigned.

        Possible until something has been written.
        """
        found = self.get_object()
        values = self.input(inputs.RereadInput)
        profile = values.pop("profile", None)
        before = without_kept(found.options) if profile else found.options
        options = self.options_of({**before, **values})
        if profile:
            options = with_profile(options, self.related(MappingProfile, profile, "profile"))
        reread_import(catalogue_import=found, options=options, actor=self.actor)
        return self.answer(self.fresh(found), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=TAKEN)
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def retry(self, request: Request, id: str) -> Response:
        """Have what was corrected after the end of an import written as well."""
        found = self.get_object()
        retry_corrected(catalogue_import=found, actor=self.actor)
        return self.answer(self.fresh(found), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], parser_classes=[ShallowJSONParser])
    def cancel(self, request: Request, id: str) -> Response:
        """Stop an import; what it has written stays."""
        cancelled = cancel_import(catalogue_import=self.get_object(), actor=self.actor)
        return self.answer(self.fresh(cancelled))


class BulkProductViewSet(ImportStarting):
    noun = "products_in_bulk"
    parser_classes = [JsonLinesParser]

    @extend_schema(
        operation_id="upsert_products",
        parameters=[inputs.BulkParameters],
        request={"application/x-ndjson": OpenApiTypes.BINARY},
        responses=TAKEN,
    )
    def create(self, request: Request) -> Response:
        """Add or change many products: one JSON object a line.

        Each line is a product as `POST /products/` takes it; one whose `handle` is known is
        changed, and what it does not name stays. The answer is an import: poll it until `state` is
        `finished`, then read its report. A line with a problem keeps out its product only.
        """
        given = inputs.BulkParameters(data=request.query_params)
        if not given.is_valid():
            raise InvalidParameters(given.errors)
        file = self.request.FILES.get("file")
        if file is None:  # the framework asks no parser about an empty body
            raise DomainError("file_empty", _("The file is empty."), status=422)
        values = {**given.validated_data, "format": "jsonl", "apply_at_once": True}
        return self.started(file, "products.jsonl", values)


class ImportReportViewSet(CatalogueViewSet):
    model, parent, noun = CatalogueImport, CatalogueImport, "import_report"
    renderer_classes = [JsonLinesRenderer, CsvRenderer]
    filter_backends = []

    @extend_schema(
        responses={
            (200, "application/x-ndjson"): OpenApiTypes.STR,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def retrieve(self, request: Request, id: str) -> Any:
        """Fetch what became of each product of an import, in the order of the file.

        As JSON Lines, or as CSV with `Accept: text/csv` or `?format=csv`: the line of the file, the
        handle, what was done, and each problem or warning.
        """
        found = self.parent_row()
        return import_report(found, self.request.accepted_renderer)


class ItemPagination(CursorPagination):
    """In the order of the file."""

    ordering = "position"


class ImportItemViewSet(CatalogueViewSet):
    model, parent, noun = ImportItem, CatalogueImport, "import_item"
    serializer_class = serializers.ImportItemSerializer
    filterset_class = ImportItemFilterSet
    pagination_class = ItemPagination
    lookup_field = lookup_url_kwarg = "position"

    def rows(self) -> Any:
        return ImportItem.objects.filter(catalogue_import=self.parent_row())

    def hold(self, row: Any) -> None:
        imports = CatalogueImport.objects.select_for_update()
        list(imports.filter(pk=row.catalogue_import_id).values("pk"))

    def list(self, request: Request, id: str) -> Response:
        """List the products of the file, in its order, with what is wrong with them."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str, position: int) -> Response:
        """Show one product of the file."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.RawInput)
    def partial_update(self, request: Request, id: str, position: int) -> Response:
        """Correct a product that is invalid.

        It is read once more and may be invalid still. Where the import is finished already,
        `retry` has what was corrected written as well.
        """
        item = self.get_object()
        values = self.input(inputs.RawInput)
        return self.answer(correct_item(item=item, actor=self.actor, **values))
