"""How a catalogue is kept in order: categories, collections, saved views."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from stores.api.filter_inputs import (
    FilterField,
    ProductFilterInput,
    SelectionInput,
    filter_of,
    selected,
)
from stores.api.serializers import ProductSummarySerializer
from stores.api.views import CatalogueViewSet
from stores.models import Collection, Product, SavedView
from stores.selectors.filters import ProductFilter
from stores.selectors.organising import category_tree, collections
from stores.services.collections import (
    change_view,
    create_collection,
    delete_collection,
    delete_view,
    put_in,
    save_view,
    take_out,
    update_collection,
)


class CategorySerializer(serializers.Serializer[Any]):
    """path: as products carry it. n_products: in it and below it; is_least: there may be more."""

    name = serializers.CharField()
    path = serializers.CharField()
    depth = serializers.IntegerField()
    n_products = serializers.IntegerField(source="n")
    is_least = serializers.BooleanField()


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    """rule: a filter that decides who belongs, {} if people do. n_members: null with a rule."""

    id = serializers.CharField(source="public_id", read_only=True)
    rule = FilterField()
    n_members = serializers.SerializerMethodField()

    class Meta:
        model = Collection
        fields = [
            "id",
            "name",
            "handle",
            "description",
            "rule",
            "n_members",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_n_members(self, collection: Any) -> int | None:
        return None if collection.rule else int(collection.n_members)


class CollectionInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    handle = serializers.CharField(
        max_length=255, required=False, help_text="Made of the name unless given."
    )
    description = serializers.CharField(max_length=5_000, allow_blank=True, default="")
    rule = ProductFilterInput(required=False, help_text="Without one, people choose.")


class CollectionChangesInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(max_length=5_000, allow_blank=True, required=False)
    rule = ProductFilterInput(required=False)


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    id = serializers.CharField(source="public_id", read_only=True)
    filter = FilterField(source="query")

    class Meta:
        model = SavedView
        fields = ["id", "name", "filter", "created_at"]
        read_only_fields = fields


class SavedViewInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    filter = ProductFilterInput()


class SavedViewChangesInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    filter = ProductFilterInput(required=False)


class CategoryViewSet(CatalogueViewSet):
    model, noun, nouns = Product, "category", "categories"
    serializer_class = CategorySerializer
    filter_backends = []

    @classmethod
    def is_shapeable(cls) -> bool:
        return False

    def list(self, request: Request) -> Response:
        """List the categories in use, each before what is below it.

        All of them come in one page.
        """
        rows, _are_more = category_tree()
        shown = self.get_serializer(rows, many=True).data
        return Response({"next": None, "previous": None, "results": shown})


class CollectionViewSet(CatalogueViewSet):
    model, noun = Collection, "collection"
    serializer_class = CollectionSerializer

    def rows(self) -> Any:
        return collections()

    def list(self, request: Request) -> Response:
        """List the collections, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a collection."""
        return self.answer(self.get_object())

    @extend_schema(request=CollectionInput, responses={201: CollectionSerializer})
    def create(self, request: Request) -> Response:
        """Add a collection."""
        values = self.input(CollectionInput)
        values["rule"] = filter_of(values.get("rule", {})).query()
        return self.created(self.fresh(create_collection(actor=self.actor, **values)))

    @extend_schema(request=CollectionChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change name, description or rule of a collection.

        Whether a rule decides who belongs cannot be changed.
        """
        collection = self.get_object()
        values = self.input(CollectionChangesInput)
        if "rule" in values:
            values["rule"] = filter_of(values["rule"]).query()
        update_collection(collection=collection, actor=self.actor, **values)
        return self.answer(self.fresh(collection))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a collection; its products stay."""
        delete_collection(collection=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SelectionInput, operation_id="add_products_to_collection")
    @action(detail=True, methods=["post"], url_path="add-products")
    def add_products(self, request: Request, id: str) -> Response:
        """Put products into a collection without a rule, by their ids or by a filter."""
        collection = self.get_object()
        chosen = selected(self.input(SelectionInput)).apply(Product.objects.all())
        put_in(collection=collection, products=chosen, actor=self.actor)
        return self.answer(self.fresh(collection))

    @extend_schema(request=SelectionInput, operation_id="remove_products_from_collection")
    @action(detail=True, methods=["post"], url_path="remove-products")
    def remove_products(self, request: Request, id: str) -> Response:
        """Take products out of a collection without a rule."""
        collection = self.get_object()
        chosen = selected(self.input(SelectionInput)).apply(Product.objects.all())
        take_out(collection=collection, products=chosen, actor=self.actor)
        return self.answer(self.fresh(collection))


class CollectionProductViewSet(CatalogueViewSet):
    model, parent, noun = Product, Collection, "collection_product"
    serializer_class = ProductSummarySerializer

    def rows(self) -> Any:
        return ProductFilter(collection=self.parent_row().public_id).apply(Product.objects.all())

    def list(self, request: Request, id: str) -> Response:
        """List the products of a collection, the newest first."""
        return self.page_of(self.get_queryset())


class SavedViewViewSet(CatalogueViewSet):
    model, noun = SavedView, "saved_view"
    serializer_class = SavedViewSerializer

    def list(self, request: Request) -> Response:
        """List the saved views, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a saved view."""
        return self.answer(self.get_object())

    @extend_schema(request=SavedViewInput, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a filter of the list of products under a name.

        A view of that name is replaced.
        """
        values = self.input(SavedViewInput)
        query = filter_of(values["filter"]).query()
        view = save_view(name=values["name"], query=query, actor=self.actor)
        return self.created(self.fresh(view))

    @extend_schema(request=SavedViewChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Rename a saved view, or change its filter."""
        view = self.get_object()
        values = self.input(SavedViewChangesInput)
        if "filter" in values:
            values["query"] = filter_of(values.pop("filter")).query()
        return self.answer(self.fresh(change_view(view=view, actor=self.actor, **values)))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a saved view."""
        delete_view(view=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
