"""Models behind OpenAI-compatible servers: offered by the platform, or brought by a merchant."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from generation.engine.backends import get_backend
from generation.engine.backends.openai.addresses import check_public_url
from generation.engine.errors import BackendError
from generation.models import MerchantEndpoint, PlatformModel
from tenants.actor import Actor
from tenants.audit import record
from tenants.errors import DomainError

if TYPE_CHECKING:
    from generation.engine.backends.openai import OpenAIBackend, ProbeReport

DEFAULT_MODEL = "default"
Endpoint = PlatformModel | MerchantEndpoint
E = TypeVar("E", PlatformModel, MerchantEndpoint)


@dataclass(frozen=True)
class ModelChoice:
    """A model that a run may name. key: `default` or a public id."""

    key: str
    label: str
    note: str = ""


def encrypt(secret: str) -> bytes:
    """The secret as it is stored; an empty one stays empty."""
    return _fernet().encrypt(secret.encode()) if secret else b""


def decrypt(stored: bytes | memoryview) -> str:
    """The secret that `encrypt` stored. Raises cryptography's InvalidToken after a lost key."""
    return _fernet().decrypt(bytes(stored)).decode() if stored else ""


def _fernet() -> Fernet:
    return Fernet(settings.FIELD_ENCRYPTION_KEY)


def is_builtin_default() -> bool:
    """Whether the workers' own model is the small stand-in that ships with Copydesk."""
    own = settings.GENERATION
    return bool(own["BACKEND"] == "transformers" and own["MODEL"] == "builtin")


def default_model_name() -> str:
    """The name of the workers' own model, for people."""
    own = settings.GENERATION
    return "SmolLM2-135M-Instruct" if is_builtin_default() else str(own["MODEL"])


def available_models() -> list[ModelChoice]:
    """What a run of the merchant in scope may choose from, the workers' own model first."""
    return [
        _default_choice(),
        *(_choice(m) for m in PlatformModel.objects.filter(is_active=True).order_by("name")),
        *(_choice(e) for e in MerchantEndpoint.objects.filter(is_active=True).order_by("name")),
    ]


def _default_choice() -> ModelChoice:
    if is_builtin_default():
        note = _("A small stand-in to try things with. Its texts need a person's hand.")
        return ModelChoice(DEFAULT_MODEL, default_model_name(), note)
    return ModelChoice(DEFAULT_MODEL, default_model_name())


def _choice(endpoint: Endpoint) -> ModelChoice:
    return ModelChoice(endpoint.public_id, endpoint.name, endpoint.model)


def find_endpoint(key: str) -> Endpoint | None:
    """The active endpoint that a run names, for the merchant in scope; None for the default."""
    if key == DEFAULT_MODEL:
        return None
    kind: Any = PlatformModel if key.startswith("mod_") else MerchantEndpoint
    found: Endpoint | None = kind.objects.filter(public_id=key, is_active=True).first()
    if found is None:
        raise DomainError("model_unknown", _("This model does not exist any more."), status=422)
    return found


def backend_of(endpoint: Endpoint, *, timeout_seconds: float = 120.0) -> "OpenAIBackend":
    """An unloaded backend that calls the endpoint; a merchant's own only on public hosts."""
    backend = get_backend(
        "openai",
        base_url=endpoint.base_url,
        model=endpoint.model,
        api_key=decrypt(endpoint.api_key_encrypted),
        allow_private_hosts=isinstance(endpoint, PlatformModel),
        concurrency=endpoint.max_concurrency,
        timeout_seconds=timeout_seconds,
    )
    return cast("OpenAIBackend", backend)


def probe_endpoint(endpoint: Endpoint) -> "ProbeReport":
    """Ask the endpoint for one word. Call it outside a transaction. Raises BackendError."""
    backend = backend_of(endpoint, timeout_seconds=20.0)
    try:
        return backend.probe()
    finally:
        backend.close()


def save_merchant_endpoint(
    *, endpoint: MerchantEndpoint | None, fields: dict[str, Any], api_key: str | None, actor: Actor
) -> MerchantEndpoint:
    """Add a merchant's endpoint, or change it. api_key: None keeps the stored one.

    Raises DomainError endpoint_forbidden (not a public https address) or endpoint_name_taken.
    """
    _require_public(fields["base_url"])
    return _save(endpoint or MerchantEndpoint(), fields, api_key, actor)


def save_platform_model(
    *, model: PlatformModel | None, fields: dict[str, Any], api_key: str | None, actor: Actor
) -> PlatformModel:
    """Add a model for all merchants, or change it; it may stand on a private host."""
    return _save(model or PlatformModel(), fields, api_key, actor)


def delete_endpoint(*, endpoint: Endpoint, actor: Actor) -> None:
    """Remove an endpoint; runs that still name it fail with that reason."""
    record("endpoint.deleted", actor=actor, target=endpoint.public_id, name=endpoint.name)
    endpoint.delete()


def _save(endpoint: E, fields: dict[str, Any], api_key: str | None, actor: Actor) -> E:
    is_new = endpoint.pk is None
    for name, value in fields.items():
        setattr(endpoint, name, value)
    if api_key is not None:
        endpoint.api_key_encrypted = encrypt(api_key)
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise DomainError("endpoint_name_taken", _("Another model has this name.")) from error
    action = "endpoint.added" if is_new else "endpoint.changed"
    record(action, actor=actor, target=endpoint.public_id, address=endpoint.base_url)
    return endpoint


def _require_public(base_url: str) -> None:
    try:
        check_public_url(base_url)
    except BackendError as error:
        message = _("Your own models must stand at a public https address: %(reason)s")
        reason = {"reason": error.message}
        raise DomainError("endpoint_forbidden", message % reason, status=422) from error
