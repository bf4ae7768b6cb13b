"""From a claim to a job: reads what the request is about, in its merchant's scope."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from generation.brief import RunBrief
from generation.engine.errors import BackendError
from generation.engine.types import GenerationJob, ModelInfo, SamplingParams
from generation.facts import facts_of
from generation.models import GenerationRequest
from generation.prompts import (
    Brief,
    ProductFacts,
    PromptVariant,
    prompt_version,
    render_product_description,
    token_budget,
    variant_for,
)
from generation.queue import Claim
from tenants.models import Merchant
from tenants.scope import require_merchant_id

# Small models lose the facts when they draw freely.
TEMPERATURES = {PromptVariant.standard: 0.7, PromptVariant.small: 0.3}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claim with its job, or with the reason why there is none."""

    claim: Claim
    attempts: int
    job: GenerationJob | None = None
    error: BackendError | None = None


def prepare(
    claims: Sequence[Claim], fence: int, info_of: Callable[[str], ModelInfo]
) -> list[Prepared]:
    """A job for each claim of the merchant in scope; the prompt is kept with its request.

    fence: makes the job's id unique to this claim. info_of: the model behind a run's choice.
    """
    merchant = Merchant.objects.get(pk=require_merchant_id())
    ids = [claim.request_id for claim in claims]
    requests = GenerationRequest.objects.select_related("run", "product")
    found = requests.prefetch_related("product__skus").in_bulk(ids)
    prepared = [
        _prepare(claim, found[claim.request_id], merchant, fence, info_of) for claim in claims
    ]
    GenerationRequest.objects.bulk_update(found.values(), ["prompt"])
    return prepared


def _prepare(
    claim: Claim,
    request: GenerationRequest,
    merchant: Merchant,
    fence: int,
    info_of: Callable[[str], ModelInfo],
) -> Prepared:
    if request.product is None:
        return _without_job(claim, request, "The product was deleted.", "product_deleted")
    info = info_of(claim.model)
    brief = RunBrief.from_json(request.run.brief).as_prompt_brief(merchant.brand_facts)
    facts = facts_of(request.product, request.product.skus.all())
    try:
        job = _job(request, fence, facts, brief, info)
    except ValueError as error:
        return _without_job(claim, request, str(error), "unusable_facts")
    request.prompt = _kept(job, facts, info, claim.model)
    return Prepared(claim, request.attempts, job)


def _without_job(claim: Claim, request: GenerationRequest, message: str, code: str) -> Prepared:
    error = BackendError(message, retryable=False, code=code)
    return Prepared(claim, request.attempts, error=error)


def _job(
    request: GenerationRequest, fence: int, facts: ProductFacts, brief: Brief, info: ModelInfo
) -> GenerationJob:
    variant = variant_for(info.n_parameters)
    sampling = SamplingParams(
        max_new_tokens=token_budget(brief),
        temperature=TEMPERATURES[variant],
        n=request.run.n_candidates,
        seed=zlib.crc32(f"{request.run.seed}/{request.public_id}".encode()),
    )
    prompt = render_product_description(facts, brief, variant)
    return GenerationJob(f"{request.pk}:{fence}", prompt, sampling)


def _kept(job: GenerationJob, facts: ProductFacts, info: ModelInfo, key: str) -> dict[str, Any]:
    """The prompt as the model saw it, and everything that a text's provenance names."""
    messages = [{"role": m.role, "content": m.content} for m in job.prompt.messages]
    asked = {"messages": messages} if info.chat else {"text": job.prompt.as_completion()}
    return {
        **asked,
        "version": prompt_version(variant_for(info.n_parameters)),
        "sampling": asdict(job.sampling),
        "facts": facts.lines(),
        "model": {
            "key": key,
            "id": info.model_id,
            "revision": info.revision,
            "dtype": info.dtype,
            "device": info.device,
        },
    }
