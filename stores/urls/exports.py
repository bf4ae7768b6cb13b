"""Under /m/<merchant>/: files that go out, at once or as feeds."""

from django.urls import path

from stores.views import exports

urlpatterns = [
    path("exports/", exports.export_list, name="export_list"),
    path("exports/new/", exports.export_create, name="export_create"),
    path("exports/products/", exports.export, name="export"),
    path("exports/<public_id:export>/", exports.export_detail, name="export_detail"),
    path("exports/<public_id:export>/file/", exports.export_download, name="export_download"),
    path("exports/<public_id:export>/cancel/", exports.export_cancel, name="export_cancel"),
    path("feeds/new/", exports.feed_create, name="feed_create"),
    path("feeds/<public_id:feed>/rotate/", exports.feed_rotate, name="feed_rotate"),
    path("feeds/<public_id:feed>/revoke/", exports.feed_revoke, name="feed_revoke"),
]
