from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = (r"""(?P<matched>\bfrom\s*["'](?P<url>\./[\w./-]+)["'];)""", 'from "%(url)s";')


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Hashed names also inside our ES modules, so that a release never mixes two ages of them.

    Django's own switch for this reads every script, and trips over a comment in one of htmx's.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORTS,)))
