"""The workers' own model, as the settings name it. Nothing is loaded here, let alone torch."""

import logging
from typing import Any

from django.conf import settings

from generation.engine.backends import get_backend
from generation.engine.backends.base import Backend
from generation.engine.builtin_model import ensure_builtin_model

logger = logging.getLogger(__name__)


def build_default_backend() -> Backend:
    """The backend of the settings, unloaded; the built-in model is unpacked first where it is meant.

    Raises BackendError if that fails.
    """
    own = settings.GENERATION
    return get_backend(own["BACKEND"], **{**_options(own), **own.get("OPTIONS", {})})


def _options(own: dict[str, Any]) -> dict[str, Any]:
    if own["BACKEND"] == "transformers":
        return {"model": _folder_or_id(own), "device": own["DEVICE"], "dtype": own["DTYPE"]}
    if own["BACKEND"] == "openai":
        return {
            "base_url": own["BASE_URL"],
            "model": own["MODEL"],
            "api_key": own["API_KEY"],
            "concurrency": own["MAX_BATCH"],
            # The operator's own setting, not something that a merchant typed.
            "allow_private_hosts": True,
        }
    return {}


def _folder_or_id(own: dict[str, Any]) -> str:
    if own["MODEL"] == "builtin":
        return str(ensure_builtin_model(settings.DATA_DIR, logger.info))
    return str(own["MODEL"])
