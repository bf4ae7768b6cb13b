"""Texts of products: the places where they go, their versions, what the shop shows."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.viewsets import MerchantViewSet
from stores.api import copy_inputs as inputs
from stores.api import copy_serializers as serializers
from stores.api.filters import CopySlotFilterSet, CopyVersionFilterSet
from stores.models import CopySlot, CopyVersion, Product
from stores.services.copy import (
    add_draft,
    approve_copy,
    edit_copy,
    publish_copy,
    reject_copy,
    reopen_copy,
    restore_copy,
    unpublish_copy,
    withdraw_draft,
)

SHOWN = {201: serializers.CopyVersionSerializer}


class CopyViewSet(MerchantViewSet):
    read_scope, write_scope = Scope.COPY_READ, Scope.COPY_WRITE


class PublishedCopyViewSet(CopyViewSet):
    model, parent, noun, nouns = CopyVersion, Product, "published_copy", "published_copy"
    serializer_class = serializers.PublishedCopySerializer

    def rows(self) -> Any:
        published = CopyVersion.objects.filter(state=CopyVersion.State.PUBLISHED)
        return published.filter(slot__product=self.parent_row()).select_related("slot__product")

    def list(self, request: Request, id: str) -> Response:
        """List the published texts of a product, one for each field, channel and language."""
        return self.page_of(self.get_queryset())


class CopySlotViewSet(CopyViewSet):
    model, noun = CopySlot, "copy_slot"
    serializer_class = serializers.CopySlotSerializer
    filterset_class = CopySlotFilterSet

    def rows(self) -> Any:
        slots = CopySlot.objects.select_related("product")
        return slots.annotate(n_versions=Count("versions"))

    def list(self, request: Request) -> Response:
        """List the places where texts go, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a place where texts go."""
        return self.answer(self.get_object())


class CopyVersionViewSet(CopyViewSet):
    model, noun = CopyVersion, "copy_version"
    serializer_class = serializers.CopyVersionSerializer
    filterset_class = CopyVersionFilterSet
    expand_scopes: ClassVar[dict[str, str]] = {"product": Scope.CATALOGUE_READ}

    def rows(self) -> Any:
        return CopyVersion.objects.select_related("slot__product", "parent")

    def lookups_of(self, expansion: str) -> Sequence[Any]:
        return ["parent__slot__product"] if expansion == "edited_from" else ["slot__product"]

    def hold(self, row: Any) -> None:
        list(CopySlot.objects.select_for_update().filter(pk=row.slot_id).values("pk"))

    def list(self, request: Request) -> Response:
        """List versions of texts, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a version of a text."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.NewTextInput, responses=SHOWN)
    def create(self, request: Request) -> Response:
        """Write a text for a product, by a person.

        It waits for review, or is shown at once with `publish`.
        """
        values = self.input(inputs.NewTextInput)
        product = self.related(Product, values["product"], "product")
        version = add_draft(
            product=product,
            field=values["field"],
            locale=values.get("locale") or product.locale,
            text=values["text"],
            source=CopyVersion.Source.HUMAN,
            actor=self.actor,
        )
        if values["publish"]:
            version = publish_copy(version=version, actor=self.actor)
        return self.created(self.fresh(version))

    @extend_schema(request=inputs.TextInput, responses=SHOWN)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, id: str) -> Response:
        """Write a new draft that changes this version.

        The version itself stays as it was; the answer is the new one.
        """
        version = self.get_object()
        values = self.input(inputs.TextInput)
        edited = edit_copy(version=version, actor=self.actor, **values)
        return self.created(self.fresh(edited))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> Response:
        """Approve a draft."""
        return self._done(approve_copy)

    @extend_schema(request=inputs.ReasonInput)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, id: str) -> Response:
        """Reject a draft, with the reason."""
        version = self.get_object()
        values = self.input(inputs.ReasonInput)
        reject_copy(version=version, actor=self.actor, **values)
        return self.answer(self.fresh(version))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: str) -> Response:
        """Make a draft again of an approved, rejected or retired version."""
        return self._done(reopen_copy)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Retire a draft that nobody will publish."""
        return self._done(withdraw_draft)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, id: str) -> Response:
        """Publish a draft or an approved version.

        The version that was published in its place until now is retired.
        """
        return self._done(publish_copy)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def unpublish(self, request: Request, id: str) -> Response:
        """Retire the published version: the shop has no text of ours then."""
        return self._done(unpublish_copy)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, id: str) -> Response:
        """Publish a retired version again."""
        return self._done(restore_copy)

    def _done(self, service: Callable[..., CopyVersion]) -> Response:
        version = service(version=self.get_object(), actor=self.actor)
        return self.answer(self.fresh(version))
