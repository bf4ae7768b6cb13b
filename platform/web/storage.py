from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashed names also inside ES modules, so that a new release never mixes old scripts."""

    support_js_module_import_aggregation = True
