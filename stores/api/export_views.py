"""The catalogue as files: exports of the moment, and feeds at an address."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.problem_types import PROBLEM_TYPES
from stores.api import export_serializers as serializers
from stores.api.filter_inputs import filter_of
from stores.api.filters import ExportFilterSet
from stores.api.views import CatalogueViewSet
from stores.exporters.registry import all_exporters
from stores.models import CatalogueExport, Feed
from stores.services.exports import cancel_export, note_download, start_export
from stores.services.feeds import create_feed, revoke_feed, rotate_feed
from tenants.errors import DomainError

BYTES = "application/octet-stream"  # first: generated clients read the file as the first says
CONTENT_TYPES = {each.content_type.partition(";")[0] for each in all_exporters().values()}
FILES: Any = {(200, kind): OpenApiTypes.BINARY for kind in (BYTES, *sorted(CONTENT_TYPES))}
FILES |= {409: None}
TAKEN = {202: serializers.ExportSerializer}


class ExportViewSet(CatalogueViewSet):
    model, noun = CatalogueExport, "export"
    serializer_class = serializers.ExportSerializer
    filterset_class = ExportFilterSet

    def rows(self) -> Any:
        return CatalogueExport.objects.select_related("feed")

    def list(self, request: Request) -> Response:
        """List the exports, those of feeds among them, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how far an export is."""
        return self.answer(self.get_object())

    @extend_schema(request=serializers.ExportInput, responses=TAKEN)
    def create(self, request: Request) -> Response:
        """Have the catalogue written into a file.

        Poll until `state` is `finished`, then fetch its file.
        """
        values = self.input(serializers.ExportInput)
        products = filter_of(values.pop("filter", {}))
        export = start_export(products=products, actor=self.actor, **values)
        return self.created(self.fresh(export), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        """Stop an export before its file is there."""
        cancelled = cancel_export(export=self.get_object(), actor=self.actor)
        return self.answer(self.fresh(cancelled))


class ExportFileViewSet(CatalogueViewSet):
    model, parent, noun = CatalogueExport, CatalogueExport, "export_file"

    @extend_schema(responses=FILES)
    def retrieve(self, request: Request, id: str) -> Any:
        """Fetch the file of a finished export."""
        export = self.parent_row()
        if export.state != CatalogueExport.State.FINISHED or not export.file:
            raise DomainError("export_not_finished", _not_there())
        try:
            file: Any = default_storage.open(str(export.file), "rb")
        except FileNotFoundError as gone:
            raise DomainError("export_not_finished", _not_there()) from gone
        note_download(export=export, actor=self.actor)
        exporter = all_exporters().get(export.format)
        kind = exporter.content_type if exporter else BYTES
        headers = {"ETag": f'"{export.sha256}"'}
        return FileResponse(
            file,
            as_attachment=True,
            filename=export.file_name,
            content_type=kind,
            headers=headers,
        )


class FeedViewSet(CatalogueViewSet):
    model, noun = Feed, "feed"
    serializer_class = serializers.FeedSerializer

    def list(self, request: Request) -> Response:
        """List the feeds, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a feed."""
        return self.answer(self.get_object())

    @extend_schema(
        request=serializers.FeedInput, responses={201: serializers.FeedWithAddressSerializer}
    )
    def create(self, request: Request) -> Response:
        """Add a feed: a file at an address that cannot be guessed, written anew on a schedule.

        The address is in this answer only.
        """
        values = self.input(serializers.FeedInput)
        products = filter_of(values.pop("filter", {}))
        feed, url = create_feed(products=products, actor=self.actor, **values)
        response = self._with_address(feed, url, status.HTTP_201_CREATED)
        response["Location"] = self.reverse_action("detail", args=[feed.public_id])
        return response

    @extend_schema(request=None, responses=serializers.FeedWithAddressSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, id: str) -> Response:
        """Move a feed to a new address, shown once; the old one opens nothing from now on."""
        feed, url = rotate_feed(feed=self.get_object(), actor=self.actor)
        return self._with_address(feed, url, status.HTTP_200_OK)

    def destroy(self, request: Request, id: str) -> Response:
        """Revoke a feed: its address opens nothing any more. Its row stays, for the record."""
        revoke_feed(feed=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _with_address(self, feed: Feed, url: str, code: int) -> Response:
        self.secret_members = ("url",)
        row = self.fresh(feed)
        row.url = url
        serializer = serializers.FeedWithAddressSerializer(
            row, context=self.get_serializer_context()
        )
        return Response(serializer.data, status=code)


def _not_there() -> str:
    return str(PROBLEM_TYPES["export_not_finished"].title)
