"""What was changed about products that were here already: a revision for each of them."""

from collections.abc import Iterable

from stores.catalogue.merged import Merged
from stores.models import ProductRevision


def note_changes(merged: Iterable[Merged], kind: str, actor: str, origin: str = "") -> None:
    """Keep the changes of products that were here already, in one statement; new ones have none.

    kind: a ProductRevision.Kind. actor: who, as in Actor.label. origin: public id of the import or
    bulk edit behind it. Call it once the products are stored.
    """
    revisions = [
        ProductRevision(
            product=one.product, kind=kind, origin=origin, actor=actor, changes=one.changes
        )
        for one in merged
        if one.changes
    ]
    if revisions:
        ProductRevision.objects.bulk_create(revisions)
