"""Large files in pieces, and the profiles that tables are read by."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsers import PieceParser
from api.problems import InvalidParameters
from stores.api import import_inputs as inputs
from stores.api import import_serializers as serializers
from stores.api.views import CatalogueViewSet
from stores.importers.base import ImportOptions
from stores.models import MappingProfile, Upload
from stores.services.imports import merchant_options
from stores.services.profiles import delete_profile, rename_profile, save_profile
from stores.services.uploads import add_piece, begin_upload, discard_upload, finish_upload


class UploadViewSet(CatalogueViewSet):
    model, noun = Upload, "upload"
    serializer_class = serializers.UploadSerializer

    def rows(self) -> Any:
        return Upload.objects.select_related("catalogue_import")

    def list(self, request: Request) -> Response:
        """List the uploads of the last day, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how much of a file has arrived.

        After a cut connection go on at `n_received_bytes`.
        """
        return self.answer(self.get_object())

    @extend_schema(request=inputs.UploadInput, responses={201: serializers.UploadSerializer})
    def create(self, request: Request) -> Response:
        """Begin to upload a large file in pieces.

        Send the pieces in their order, 16 MB each at most, then finish. What nothing comes for
        within a day is forgotten.
        """
        values = self.input(inputs.UploadInput)
        return self.created(self.fresh(begin_upload(actor=self.actor, **values)))

    @extend_schema(
        request=inputs.ImportChoicesInput, responses={202: serializers.CatalogueImportSerializer}
    )
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, id: str) -> Response:
        """Start an import of a file that has arrived whole.

        A second time gives the same import.
        """
        upload = self.get_object()
        values = self.input(inputs.ImportChoicesInput)
        merchant = self.request.auth.merchant
        told = {"locale": merchant.locale, "currency": merchant.currency, **values}
        found = finish_upload(upload=upload, actor=self.actor, options=ImportOptions(**told))
        data = serializers.CatalogueImportSerializer(found).data
        response = Response(data, status=status.HTTP_202_ACCEPTED)
        response["Location"] = self.address_of("api-import-detail", found)
        return response

    def destroy(self, request: Request, id: str) -> Response:
        """Forget an upload and what has arrived of it."""
        discard_upload(upload=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadPieceViewSet(CatalogueViewSet):
    model, parent, noun = Upload, Upload, "upload_piece"
    serializer_class = serializers.UploadSerializer
    parser_classes = [PieceParser]
    compares = False

    @extend_schema(
        operation_id="send_upload_piece",
        parameters=[
            OpenApiParameter("offset", int, required=True, description="Where the piece starts."),
            OpenApiParameter("sha256", str, description="Of the piece, in hexadecimal."),
        ],
        request={"application/octet-stream": OpenApiTypes.BINARY},
    )
    def update(self, request: Request, id: str) -> Response:
        """Send a piece of a file: the bytes that follow at `offset`.

        The same piece once more changes nothing.
        """
        upload = self.parent_row()
        given = inputs.PieceParameters(data=request.query_params)
        if not given.is_valid():
            raise InvalidParameters(given.errors)
        body: Any = request.data
        piece = body.get("piece", b"")  # an empty body reaches no parser
        add_piece(upload=upload, piece=piece, **given.validated_data)
        upload.refresh_from_db()
        return self.answer(upload)


class MappingProfileViewSet(CatalogueViewSet):
    model, noun = MappingProfile, "mapping_profile"
    serializer_class = serializers.MappingProfileSerializer

    def list(self, request: Request) -> Response:
        """List the column profiles, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a column profile."""
        return self.answer(self.get_object())

    @extend_schema(
        request=inputs.ProfileInput, responses={201: serializers.MappingProfileSerializer}
    )
    def create(self, request: Request) -> Response:
        """Keep how files with these columns are read.

        The next file with the same columns is read so. A profile of that name is replaced.
        """
        values = self.input(inputs.ProfileInput)
        return self.created(self.fresh(self._saved(**values)))

    @extend_schema(request=inputs.ProfileChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Rename a profile, or change how it reads.

        `options` replaces all of them.
        """
        profile = self.get_object()
        values = self.input(inputs.ProfileChangesInput)
        if "name" in values:
            rename_profile(profile=profile, name=values["name"], actor=self.actor)
        if "options" in values:
            self._saved(profile.name, profile.columns, values["options"])
        return self.answer(self.fresh(profile))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a column profile; imports that it has read stay."""
        delete_profile(profile=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _saved(self, name: str, columns: Any, options: dict[str, Any]) -> MappingProfile:
        base = merchant_options()
        told = ImportOptions(**{"locale": base.locale, "currency": base.currency, **options})
        return save_profile(name=name, columns=columns, options=told, actor=self.actor)
