"""Bulk edits: the same change to many products, with a preview and a way back."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import CursorPagination
from stores.api.filter_inputs import FilterField, SelectionInput, selected
from stores.api.filters import BulkEditFilterSet, BulkEditItemFilterSet
from stores.api.views import CatalogueViewSet
from stores.catalogue.bulk_changes import ALLOWED
from stores.models import BulkEdit, BulkEditItem
from stores.services.bulk_edits import (
    cancel_bulk_edit,
    confirm_bulk_edit,
    start_bulk_edit,
    undo_bulk_edit,
)

MAX_CHANGES = 20


class ChangeInput(serializers.Serializer[Any]):
    """do: set, clear, add, remove, replace or adjust, as the field allows; see the documentation."""

    field = serializers.ChoiceField(choices=list(ALLOWED))
    do = serializers.ChoiceField(choices=sorted({do for dos in ALLOWED.values() for do in dos}))
    value = serializers.CharField(
        max_length=5_000, allow_blank=True, required=False, trim_whitespace=False
    )
    name = serializers.CharField(max_length=255, required=False, help_text="Of an attribute.")
    find = serializers.CharField(max_length=255, required=False, trim_whitespace=False)
    unit = serializers.ChoiceField(choices=["percent", "amount"], required=False)
    rounding = serializers.ChoiceField(choices=["", "whole", "99"], required=False)
    place = serializers.ChoiceField(choices=["end", "start"], required=False)


class BulkEditInput(SelectionInput):
    changes: Any = serializers.ListSerializer(
        child=ChangeInput(), min_length=1, max_length=MAX_CHANGES
    )


class BulkEditSerializer(serializers.ModelSerializer[BulkEdit]):
    """n_changing: of n_products, those that will be different. n_skipped: changed by others since."""

    id = serializers.CharField(source="public_id", read_only=True)
    filter = FilterField(source="query")
    changes = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = BulkEdit
        fields = [
            "id",
            "filter",
            "changes",
            "state",
            "n_products",
            "n_changing",
            "n_applied",
            "n_undone",
            "n_skipped",
            "n_invalid",
            "error_code",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class BulkEditItemSerializer(serializers.ModelSerializer[BulkEditItem]):
    """before, after: what the edit changes of the product. problem: why it was not possible."""

    product = serializers.CharField(source="product.public_id", read_only=True)
    title = serializers.CharField(source="product.title", read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = BulkEditItem
        fields = ["product", "title", "state", "before", "after", "problem"]
        read_only_fields = fields


TAKEN = {202: BulkEditSerializer}


class BulkEditViewSet(CatalogueViewSet):
    model, noun = BulkEdit, "bulk_edit"
    serializer_class = BulkEditSerializer
    filterset_class = BulkEditFilterSet

    def list(self, request: Request) -> Response:
        """List the bulk edits, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show how far a bulk edit is."""
        return self.answer(self.get_object())

    @extend_schema(request=BulkEditInput, responses=TAKEN)
    def create(self, request: Request) -> Response:
        """Have a change of many products worked out into a preview.

        Nothing is changed yet: poll until `state` is `previewed`, look at its items, then confirm
        or cancel.
        """
        values = self.input(BulkEditInput)
        started = start_bulk_edit(
            products=selected(values), changes=values["changes"], actor=self.actor
        )
        return self.created(self.fresh(started), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=TAKEN)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, id: str) -> Response:
        """Have a previewed bulk edit applied."""
        return self._done(confirm_bulk_edit, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=TAKEN)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, id: str) -> Response:
        """Have what was applied taken back, where nobody has changed the product since."""
        return self._done(undo_bulk_edit, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        """Stop a bulk edit; what it has applied stays."""
        return self._done(cancel_bulk_edit, status.HTTP_200_OK)

    def _done(self, service: Callable[..., BulkEdit], code: int) -> Response:
        edited = service(bulk_edit=self.get_object(), actor=self.actor)
        return self.answer(self.fresh(edited), status=code)


class OldestFirst(CursorPagination):
    ordering = "pk"


class BulkEditItemViewSet(CatalogueViewSet):
    model, parent, noun = BulkEditItem, BulkEdit, "bulk_edit_item"
    serializer_class = BulkEditItemSerializer
    filterset_class = BulkEditItemFilterSet
    pagination_class = OldestFirst

    def rows(self) -> Any:
        items = BulkEditItem.objects.filter(bulk_edit=self.parent_row())
        return items.select_related("product")

    def list(self, request: Request, id: str) -> Response:
        """List the products of a bulk edit, each before and after."""
        return self.page_of(self.get_queryset())
