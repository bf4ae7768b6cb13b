"""The words for what an export leaves out and for why one has failed."""

from django.utils.translation import gettext, gettext_noop

MESSAGES: dict[str, str] = {
    # a product or a SKU that is left out
    "price_missing": gettext_noop("It has no price."),
    "image_missing": gettext_noop("It has no image."),
    "link_missing": gettext_noop("It has no address in the shop: give a link template."),
    "not_active": gettext_noop("It is a draft or archived: the shop does not show it."),
    # an export as a whole
    "disk_full": gettext_noop(
        "There was no room left to store the file. Please tell your administrator, then export"
        " again."
    ),
    "file_not_stored": gettext_noop(
        "The file could not be stored. Please tell your administrator, then export again."
    ),
    "worker_died": gettext_noop(
        "The export stopped several times without finishing. Please tell your administrator."
    ),
    "format_unknown": gettext_noop("This format does not exist any more. Choose another one."),
}


def message_of(code: str) -> str:
    """The code in words, in the language of the moment; the code itself where it has none."""
    known = MESSAGES.get(code)
    return gettext(known) if known else code
