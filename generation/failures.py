"""Why a text was not written, in the reader's language."""

from django.utils.translation import gettext as _

from generation.models import GenerationRequest


def failure_words(code: str, fallback: str = "") -> str:
    """A sentence for a stable code of the engine or of the queue; the fallback for an unknown one."""
    return _words().get(code) or fallback or code


def request_reason(request: GenerationRequest) -> str:
    """Why this request has no text; empty while it may still get one."""
    return failure_words(request.error_code, request.error) if request.error_code else ""


def _words() -> dict[str, str]:
    return {
        "endpoint_unreachable": _("Nothing answers at the model's address."),
        "endpoint_refused": _("The server refuses the key, or the model is not for this key."),
        "endpoint_forbidden": _("This address is not allowed: only public https addresses are."),
        "endpoint_busy": _("The server is busy. Try again in a minute."),
        "bad_response": _("Something answers there, but not as an OpenAI-compatible server does."),
        "bad_request": _("The server does not accept the request; check the model's name."),
        "prompt_too_long": _("The product's facts and instructions are too long for this model."),
        "model_missing": _("The model's folder was not found."),
        "model_unsafe": _("The model's weights are not safetensors, so they are not loaded."),
        "model_unusable": _("The model could not be loaded."),
        "model_unknown": _("The model of this run does not exist any more."),
        "unknown_model": _("The model of this run does not exist any more."),
        "out_of_memory": _("The device has too little memory for this text."),
        "backend_failure": _("The model failed while it wrote."),
        "no_usable_text": _("The model wrote nothing that could be used."),
        "worker_crashed": _("Workers died three times while writing this, so it was set aside."),
        "product_deleted": _("The product was deleted."),
        "check_failed": _("Something went wrong on our side."),
        "internal_error": _("Something went wrong on our side."),
    }
