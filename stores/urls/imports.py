"""Under /m/<merchant>/: files that come in, and how their columns are read."""

from django.urls import path

from stores.views import import_actions, import_items, import_mapping, imports, uploads

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/uploads/", uploads.upload_create, name="upload_create"),
    path("imports/uploads/<public_id:upload>/", uploads.upload_piece, name="upload_piece"),
    path("imports/columns/", import_mapping.profile_list, name="profile_list"),
    path(
        "imports/columns/<public_id:profile>/rename/",
        import_mapping.profile_rename,
        name="profile_rename",
    ),
    path(
        "imports/columns/<public_id:profile>/delete/",
        import_mapping.profile_delete,
        name="profile_delete",
    ),
    path("imports/<public_id:catalogue_import>/", imports.import_detail, name="import_detail"),
    path(
        "imports/<public_id:catalogue_import>/confirm/",
        import_actions.import_confirm,
        name="import_confirm",
    ),
    path(
        "imports/<public_id:catalogue_import>/cancel/",
        import_actions.import_cancel,
        name="import_cancel",
    ),
    path(
        "imports/<public_id:catalogue_import>/reread/",
        import_actions.import_reread,
        name="import_reread",
    ),
    path(
        "imports/<public_id:catalogue_import>/columns/",
        import_mapping.import_mapping,
        name="import_mapping",
    ),
    path(
        "imports/<public_id:catalogue_import>/errors.csv",
        import_actions.import_errors,
        name="import_errors",
    ),
    path(
        "imports/<public_id:catalogue_import>/retry/",
        import_actions.import_retry,
        name="import_retry",
    ),
    path(
        "imports/<public_id:catalogue_import>/products/<int:position>/",
        import_items.import_item_correct,
        name="import_item_correct",
    ),
]
