"""What the rules of generation are called where the API answers with them."""

from django.utils.translation import gettext_lazy as _

from api.problem_types import ProblemType, register

_SEE_DETAIL = _("The member “detail” says what to do.")

register(
    ProblemType("invalid_brief", 422, _("This cannot be asked of a model."), _SEE_DETAIL),
    ProblemType("invalid_candidates", 422, _("So many candidates are not made."), _SEE_DETAIL),
    ProblemType(
        "model_unknown",
        422,
        _("This model does not exist or has been switched off."),
        _("Use “default”, or the id of a model of the dashboard's page “Models”."),
    ),
    ProblemType(
        "nothing_selected",
        422,
        _("No product was chosen."),
        _("Nothing matches the filter; list the products with the same filter to see."),
    ),
    ProblemType(
        "queue_full",
        429,
        _("Too many texts wait already."),
        _("Wait for as long as “Retry-After” says, or choose fewer products."),
    ),
    ProblemType("run_cancelled", 409, _("This run was cancelled."), _("Start a new run.")),
    ProblemType("candidate_unknown", 404, _("This text is not there any more."), _SEE_DETAIL),
    ProblemType("nothing_to_retry", 409, _("No text of this run has failed."), _SEE_DETAIL),
    ProblemType(
        "endpoint_name_taken", 409, _("Another model has this name."), _("Choose another name.")
    ),
    ProblemType(
        "endpoint_forbidden",
        422,
        _("This address is not allowed."),
        _("A model of your own must stand at a public https address."),
    ),
)
