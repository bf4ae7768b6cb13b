"""Products, SKUs and the texts of products."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.viewsets import MerchantViewSet
from stores.api import inputs, serializers
from stores.api.filters import CopyVersionFilterSet, ProductFilterSet, SkuFilterSet
from stores.models import CopyVersion, Product, Sku
from stores.services.copy import approve_copy, edit_copy, publish_copy, reject_copy
from stores.services.products import create_product, delete_product, update_product

_STOOL = OpenApiExample(
    "A stool in two colours",
    request_only=True,
    value={
        "title": "Oak stool",
        "handle": "oak-stool",
        "vendor": "Hearthside",
        "product_type": "Stools",
        "tags": ["kitchen"],
        "attributes": [
            {"name": "Material", "value": "oak"},
            {"name": "Height", "value": 45, "unit": "cm"},
        ],
        "option_names": ["Colour"],
        "skus": [
            {"code": "STOOL-N", "options": ["natural"], "price_minor": 8900},
            {"code": "STOOL-B", "options": ["black"], "price_minor": 9400},
        ],
        "images": [{"url": "https://example.org/stool.jpg", "alt_text": "An oak stool"}],
    },
)


class ProductViewSet(MerchantViewSet):
    model = Product
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE
    serializer_class = serializers.ProductSerializer
    filterset_class = ProductFilterSet

    def rows(self) -> Any:
        return Product.objects.prefetch_related("images", "skus__image", "skus__product")

    def list(self, request: Request) -> Response:
        """List the products, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a product."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.NewProductInput, examples=[_STOOL])
    def create(self, request: Request) -> Response:
        """Add a product.

        Without `handle` one is made of the title; without `skus` the product gets a single one.
        A `description` is taken as written by people and is published at once.
        """
        values = self.input(inputs.NewProductInput)
        product = create_product(**values, actor=self.actor)
        return self.created(self.fresh(product))

    @extend_schema(request=inputs.ProductInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a product.

        What is left out stays as it is. `skus` and `images` replace all there are: a SKU is known
        again by its options, an image by its address.
        """
        product = self.get_object()
        values = self.input(inputs.ProductInput)
        update_product(product=product, actor=self.actor, **values)
        return self.answer(self.fresh(product))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a product with its SKUs, images and texts."""
        delete_product(product=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SkuViewSet(MerchantViewSet):
    model = Sku
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE
    serializer_class = serializers.SkuSerializer
    filterset_class = SkuFilterSet

    def rows(self) -> Any:
        return Sku.objects.select_related("product", "image")

    def list(self, request: Request) -> Response:
        """List the SKUs, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a SKU."""
        return self.answer(self.get_object())


class PublishedCopyViewSet(MerchantViewSet):
    model, parent = CopyVersion, Product
    read_scope, write_scope = Scope.COPY_READ, Scope.COPY_WRITE
    serializer_class = serializers.PublishedCopySerializer

    def rows(self) -> Any:
        published = CopyVersion.objects.filter(state=CopyVersion.State.PUBLISHED)
        return published.filter(slot__product=self.parent_row()).select_related("slot__product")

    def list(self, request: Request, id: str) -> Response:
        """List the published texts of a product, one for each field, channel and language."""
        return self.page_of(self.get_queryset())


class CopyVersionViewSet(MerchantViewSet):
    model = CopyVersion
    read_scope, write_scope = Scope.COPY_READ, Scope.COPY_WRITE
    serializer_class = serializers.CopyVersionSerializer
    filterset_class = CopyVersionFilterSet

    def rows(self) -> Any:
        return CopyVersion.objects.select_related("slot__product", "parent")

    def list(self, request: Request) -> Response:
        """List versions of texts, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a version of a text."""
        return self.answer(self.get_object())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: str) -> Response:
        """Approve a draft."""
        return self.answer(self.fresh(approve_copy(version=self.get_object(), actor=self.actor)))

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
    def publish(self, request: Request, id: str) -> Response:
        """Publish a draft or an approved version.

        The version that was published in its place until now is retired.
        """
        return self.answer(self.fresh(publish_copy(version=self.get_object(), actor=self.actor)))

    @extend_schema(request=inputs.TextInput, responses={201: serializers.CopyVersionSerializer})
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, id: str) -> Response:
        """Write a new draft that changes this version.

        The version itself stays as it was; the answer is the new one.
        """
        version = self.get_object()
        values = self.input(inputs.TextInput)
        edited = edit_copy(version=version, actor=self.actor, **values)
        return self.created(self.fresh(edited))
