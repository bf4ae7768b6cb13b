"""What the catalogue's rules are called where the API answers with them."""

from django.utils.translation import gettext_lazy as _

from api.problem_types import PROBLEM_TYPES, ProblemType, register
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
    ProblemType(
        "import_not_rereadable",
        409,
        _("This import can no longer be read in another way."),
        _("Something of it has been written, or is being read. Upload the file again."),
    ),
    ProblemType("import_file_gone", 409, _("The uploaded file is no longer there."), _SEE_DETAIL),
    ProblemType(
        "import_not_correctable",
        409,
        _("This import cannot be corrected at the moment."),
        _("Poll it until its state is “previewed” or “finished”."),
    ),
    ProblemType(
        "item_not_correctable",
        409,
        _("This product cannot be corrected here."),
        _("Only invalid products that have a “raw” can be corrected."),
    ),
    ProblemType("raw_not_understood", 422, _("This is not in the shape of “raw”."), _SEE_DETAIL),
    ProblemType(
        "nothing_corrected",
        409,
        _("No corrected product is waiting."),
        _("Correct items of a finished import first."),
    ),
    ProblemType(
        "profile_name_taken", 409, _("Another profile has this name."), _("Choose another name.")
    ),
    ProblemType(
        "last_sku",
        409,
        _("A product keeps one SKU at least."),
        _("Delete the product instead."),
    ),
    ProblemType("too_many_skus", 422, _("The product has too many SKUs."), _SEE_DETAIL),
    ProblemType("image_repeated", 409, _("The product has this image already."), _SEE_DETAIL),
    ProblemType("too_many_images", 422, _("The product has too many images."), _SEE_DETAIL),
    ProblemType("image_checks_off", 409, _("Images are not checked here."), _SEE_DETAIL),
    ProblemType(
        "upload_wrong_offset",
        409,
        _("The piece does not follow what has arrived."),
        _("Fetch the upload: the next piece starts at its “n_received_bytes”."),
    ),
    ProblemType("upload_is_over", 409, _("This upload is over already."), _SEE_DETAIL),
    ProblemType(
        "upload_incomplete", 409, _("The file has not arrived completely yet."), _SEE_DETAIL
    ),
    ProblemType("too_many_uploads", 409, _("Too many files are being uploaded."), _SEE_DETAIL),
    ProblemType("piece_damaged", 422, _("The piece was damaged on its way."), _SEE_DETAIL),
    ProblemType("piece_size_wrong", 422, _("The piece is empty or too large."), _SEE_DETAIL),
    ProblemType("sha256_malformed", 422, _("This is not a SHA-256 sum."), _SEE_DETAIL),
    ProblemType("file_damaged", 422, _("The file was damaged on its way."), _SEE_DETAIL),
    ProblemType(
        "file_changed", 409, _("The file has changed since its upload began."), _SEE_DETAIL
    ),
    ProblemType("file_lost", 409, _("What had arrived of the file is gone."), _SEE_DETAIL),
    ProblemType("export_is_over", 409, _("This export is over already."), _("Start another one.")),
    ProblemType(
        "export_not_finished",
        409,
        _("The file of this export is not there."),
        _("Poll the export until its state is “finished”; files are kept for some days."),
    ),
    ProblemType("format_unknown", 422, _("There is no such format."), _SEE_DETAIL),
    ProblemType(
        "link_template_unusable", 422, _("This is no template of an address."), _SEE_DETAIL
    ),
    ProblemType("feed_is_revoked", 409, _("This feed has been revoked."), _("Make a new one.")),
    ProblemType("feed_schedule_unknown", 422, _("There is no such schedule."), _SEE_DETAIL),
    ProblemType("too_many_feeds", 409, _("There are too many feeds."), _SEE_DETAIL),
    ProblemType("name_missing", 422, _("It has no name."), _SEE_DETAIL),
    ProblemType("too_many_views", 422, _("There are too many saved views."), _SEE_DETAIL),
    ProblemType(
        "view_name_taken", 409, _("Another saved view has this name."), _("Choose another name.")
    ),
    ProblemType("rule_empty", 422, _("The rule would let every product in."), _SEE_DETAIL),
    ProblemType(
        "collection_has_rule",
        422,
        _("A rule decides what is in this collection."),
        _("Change the rule, or make a collection without one."),
    ),
    ProblemType("bulk_edit_empty", 422, _("The bulk edit changes nothing."), _SEE_DETAIL),
    ProblemType("bulk_change_invalid", 422, _("This change is not possible."), _SEE_DETAIL),
    ProblemType(
        "bulk_edit_not_previewed",
        409,
        _("This bulk edit does not wait for an answer."),
        _("Poll it until its state is “previewed”; it is confirmed once."),
    ),
    ProblemType("bulk_edit_not_applied", 409, _("There is nothing to take back."), _SEE_DETAIL),
    ProblemType("bulk_edit_is_over", 409, _("This bulk edit is over already."), _SEE_DETAIL),
)
register(
    *(
        ProblemType(code, 422, _("This file cannot be read as a catalogue."), _SEE_DETAIL)
        for code in OF_FILES
        if code not in PROBLEM_TYPES
    )
)
