"""Products, SKUs and images."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Scope
from api.viewsets import MerchantViewSet
from stores.api import inputs, serializers
from stores.api.filters import ImageFilterSet, ProductFilterSet, SkuFilterSet
from stores.models import CopyVersion, Product, ProductImage, ProductRevision, Sku
from stores.services.product_parts import (
    add_image,
    add_sku,
    change_image,
    change_sku,
    remove_image,
    remove_sku,
)
from stores.services.products import create_product, delete_product, update_product


class CatalogueViewSet(MerchantViewSet):
    read_scope, write_scope = Scope.CATALOGUE_READ, Scope.CATALOGUE_WRITE


class ProductViewSet(CatalogueViewSet):
    model, noun = Product, "product"
    serializer_class = serializers.ProductSerializer
    filterset_class = ProductFilterSet
    parts: ClassVar[dict[str, Sequence[Any]]] = {
        "images": ["images"],
        "skus": ["skus__image", "skus__product"],
    }
    always_expanded = ("skus", "images")
    expand_scopes: ClassVar[dict[str, str]] = {"copy": Scope.COPY_READ}

    def lookups_of(self, expansion: str) -> Sequence[Any]:
        live = CopyVersion.objects.filter(state=CopyVersion.State.PUBLISHED)
        return ["slots__product", Prefetch("slots__versions", live.order_by("pk"))]

    def list(self, request: Request) -> Response:
        """List the products, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a product."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.NewProductInput, responses={201: serializers.ProductSerializer})
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

    @extend_schema(request=inputs.ReplaceProductInput)
    def update(self, request: Request, id: str) -> Response:
        """Replace a product.

        What is left out is emptied, except `handle` and `locale`, which stay. Texts are not part
        of it. SKUs and images that are known again keep their ids.
        """
        product = self.get_object()
        values = self.input(inputs.ReplaceProductInput)
        update_product(product=product, actor=self.actor, **values)
        return self.answer(self.fresh(product))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a product with its SKUs, images and texts."""
        delete_product(product=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProductHistoryViewSet(CatalogueViewSet):
    model, parent, noun, nouns = ProductRevision, Product, "product_revision", "product_history"
    serializer_class = serializers.RevisionSerializer

    def rows(self) -> Any:
        return ProductRevision.objects.filter(product=self.parent_row()).select_related("product")

    def list(self, request: Request, id: str) -> Response:
        """List what was changed about a product, the latest first."""
        return self.page_of(self.get_queryset())


class SkuViewSet(CatalogueViewSet):
    model, noun = Sku, "sku"
    serializer_class = serializers.SkuSerializer
    filterset_class = SkuFilterSet

    def rows(self) -> Any:
        return Sku.objects.select_related("product", "image")

    def hold(self, row: Any) -> None:
        list(Product.objects.select_for_update(no_key=True).filter(pk=row.product_id).values("pk"))

    def list(self, request: Request) -> Response:
        """List the SKUs, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show a SKU."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.NewSkuInput, responses={201: serializers.SkuSerializer})
    def create(self, request: Request) -> Response:
        """Add a SKU to a product, as its last one."""
        values = self.input(inputs.NewSkuInput)
        product = self.related(Product, values.pop("product"), "product")
        sku = add_sku(product=product, sku=inputs.parsed_sku(values), actor=self.actor)
        return self.created(self.fresh(sku))

    @extend_schema(request=inputs.SkuChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change a SKU.

        What is left out stays as it is.
        """
        sku = self.get_object()
        values = inputs.sku_values(self.input(inputs.SkuChangesInput))
        return self.answer(self.fresh(change_sku(sku=sku, actor=self.actor, **values)))

    @extend_schema(request=inputs.SkuInput)
    def update(self, request: Request, id: str) -> Response:
        """Replace a SKU.

        What is left out is emptied. The id stays.
        """
        sku = self.get_object()
        values = inputs.sku_values(self.input(inputs.SkuInput))
        return self.answer(self.fresh(change_sku(sku=sku, actor=self.actor, **values)))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete a SKU; the last one of a product stays."""
        remove_sku(sku=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImageViewSet(CatalogueViewSet):
    model, noun = ProductImage, "image"
    serializer_class = serializers.ImageSerializer
    filterset_class = ImageFilterSet

    def rows(self) -> Any:
        return ProductImage.objects.select_related("product")

    def hold(self, row: Any) -> None:
        list(Product.objects.select_for_update(no_key=True).filter(pk=row.product_id).values("pk"))

    def list(self, request: Request) -> Response:
        """List the images, the newest first."""
        return self.page_of(self.get_queryset())

    def retrieve(self, request: Request, id: str) -> Response:
        """Show an image."""
        return self.answer(self.get_object())

    @extend_schema(request=inputs.NewImageInput, responses={201: serializers.ImageSerializer})
    def create(self, request: Request) -> Response:
        """Add an image to a product, as its last one."""
        values = self.input(inputs.NewImageInput)
        product = self.related(Product, values.pop("product"), "product")
        return self.created(self.fresh(add_image(product=product, actor=self.actor, **values)))

    @extend_schema(request=inputs.ImageChangesInput)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change the text of an image, or its place.

        An image is its address: for another one add an image and delete this.
        """
        image = self.get_object()
        values = self.input(inputs.ImageChangesInput)
        return self.answer(self.fresh(change_image(image=image, actor=self.actor, **values)))

    def destroy(self, request: Request, id: str) -> Response:
        """Delete an image; SKUs that showed it have none then."""
        remove_image(image=self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
