"""What the catalogue's rules are called where the API answers with them."""

from django.utils.translation import gettext_lazy as _

from api.problem_types import ProblemType, register
from stores.importers.problems import OF_FILES

_SEE_DETAIL = _("The member “detail” says what to do.")

register(
    ProblemType(
        "handle_taken",
        409,
        _("Another product has this handle."),
        _("Choose another handle, or leave it out: one is then made of the title."),
    ),
    ProblemType(
        "sku_options_repeated",
        422,
        _("Two SKUs of a product have the same options."),
        _("Give each SKU its own values for the product's option_names."),
    ),
    ProblemType(
        "sku_options_missing",
        422,
        _("The options of a SKU do not fit the product."),
        _("Give each SKU one value for each of the product's option_names, in their order."),
    ),
    ProblemType(
        "copy_already_reviewed",
        409,
        _("Somebody has dealt with this text in the meantime."),
        _("Fetch the text again: its state decides what can be done with it."),
    ),
    ProblemType("title_missing", 422, _("The product has no title."), _SEE_DETAIL),
    ProblemType("reason_missing", 422, _("A rejection needs a reason."), _SEE_DETAIL),
    ProblemType("text_empty", 422, _("The text is empty."), _SEE_DETAIL),
    ProblemType("text_too_long", 422, _("The text is too long."), _SEE_DETAIL),
    ProblemType("file_not_stored", 507, _("The file could not be kept."), _SEE_DETAIL),
    ProblemType("import_too_large", 413, _("The file is too large."), _SEE_DETAIL),
    ProblemType(
        "import_not_previewed",
        409,
        _("This import does not wait for an answer."),
        _("Poll the import until its state is “previewed”; an import is confirmed once."),
    ),
    ProblemType(
        "import_is_over",
        409,
        _("This import is over already."),
        _("What it has written stays; start another import to change it."),
    ),
    *(
        ProblemType(code, 422, _("This file cannot be read as a catalogue."), _SEE_DETAIL)
        for code in OF_FILES
    ),
)
