"""Saved views, categories and collections; under /m/<merchant>/."""

from django.urls import path

from stores.views import organising

urlpatterns = [
    path("products/views/", organising.view_save, name="view_save"),
    path("products/views/<public_id:view>/delete/", organising.view_delete, name="view_delete"),
    path("categories/", organising.category_list, name="category_list"),
    path("collections/", organising.collection_list, name="collection_list"),
    path("collections/new/", organising.collection_create, name="collection_create"),
    path("collections/add/", organising.collection_collect, name="collection_collect"),
    path(
        "collections/<public_id:collection>/",
        organising.collection_detail,
        name="collection_detail",
    ),
    path(
        "collections/<public_id:collection>/edit/",
        organising.collection_edit,
        name="collection_edit",
    ),
    path(
        "collections/<public_id:collection>/delete/",
        organising.collection_delete,
        name="collection_delete",
    ),
]
