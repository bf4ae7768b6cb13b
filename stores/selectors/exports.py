"""Reads of exports and feeds, for pages and the API."""

from django.db.models import OuterRef, QuerySet, Subquery

from stores.models import CatalogueExport, Feed

State = CatalogueExport.State


def export_history() -> QuerySet[CatalogueExport]:
    """The exports that somebody asked for, newest first; those of feeds are the feeds' own."""
    exports: QuerySet[CatalogueExport] = CatalogueExport.objects.filter(feed=None)
    return exports.select_related("created_by").order_by("-created_at", "-pk")


def feeds_with_last_export() -> QuerySet[Feed]:
    """Feeds in use, newest first, each with what became of its last file.

    last_export, last_state: public id and state of the newest export; written_at, size_bytes: of
    the file that is served now, None where there is none yet.
    """
    exports = CatalogueExport.objects.filter(feed=OuterRef("pk")).order_by("-pk")
    whole = exports.filter(state=State.FINISHED).exclude(file="")
    feeds: QuerySet[Feed] = Feed.objects.filter(revoked_at=None).select_related("created_by")
    return feeds.annotate(
        last_export=Subquery(exports.values("public_id")[:1]),
        last_state=Subquery(exports.values("state")[:1]),
        written_at=Subquery(whole.values("finished_at")[:1]),
        size_bytes=Subquery(whole.values("size_bytes")[:1]),
    ).order_by("-created_at", "-pk")


def when_last_exported(query: str) -> dict[str, CatalogueExport]:
    """The newest finished export of this filter in each format, by format."""
    finished = CatalogueExport.objects.filter(feed=None, state=State.FINISHED, query=query)
    newest = finished.order_by("format", "-snapshot_at").distinct("format")
    return {export.format: export for export in newest}
