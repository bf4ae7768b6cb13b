from generation.engine.types import ModelInfo
from generation.facts import facts_of
from generation.intake import prepare
from generation.models import GenerationRequest
from generation.queue import Claim
from stores.models import Product, Sku
from tenants.models import Merchant
from tests.generation.people import run_of

LARGE = ModelInfo("big", "r1", "cuda:0", "bfloat16", 8192, chat=True, n_parameters=7_000_000_000)
SMALL = ModelInfo("tiny", "r2", "cpu", "float32", 2048, chat=True, n_parameters=135_000_000)
BASE = ModelInfo("gpt2", "r3", "cpu", "float32", 1024, chat=False, n_parameters=124_000_000)


def prepared_of(run, info=LARGE, fence=5):
    claims = [
        Claim(r.pk, r.merchant_id, run.pk, r.lane, r.model) for r in run.requests.order_by("pk")
    ]
    return prepare(claims, fence, lambda _: info)


def test_facts_hold_what_the_shop_knows_and_no_price(in_scope):
    product = Product.objects.create(
        handle="shirt",
        title="Shirt",
        vendor="Acme",
        product_type="Shirt",
        tags=["new"],
        option_names=["Size", "Colour"],
        attributes=[
            {"name": "Material", "value": "linen"},
            {"name": "Length", "value": 70, "unit": "cm"},
            {"name": "Washable", "value": True},
            {"name": "Certificates", "value": ["GOTS", "OEKO-TEX"]},
            {"name": "Nothing", "value": None},
        ],
    )
    for position, options in enumerate([["S", "red"], ["M", "red"], ["M", "blue"]]):
        Sku.objects.create(
            product=product, options=options, currency="EUR", price_minor=999, position=position
        )
    assert facts_of(product, product.skus.all()).lines() == [
        "title: Shirt",
        "vendor: Acme",
        "type: Shirt",
        "Material: linen",
        "Length: 70 cm",
        "Washable: yes",
        "Certificates: GOTS, OEKO-TEX",
        "Size: S, M",
        "Colour: red, blue",
        "tags: new",
    ]


def test_shopifys_only_option_is_none(in_scope):
    product = Product.objects.create(handle="x", title="X", option_names=["Title"])
    Sku.objects.create(product=product, options=["Default Title"], currency="EUR", position=1)
    assert facts_of(product, product.skus.all()).options == ()


def test_the_prompt_is_kept_with_its_request(in_scope):
    Merchant.objects.filter(pk=in_scope.pk).update(brand_facts={"Founded": "1987"})
    run = run_of(in_scope, 2, n_candidates=3)
    first, second = prepared_of(run)
    assert (first.job.id, first.attempts, first.error) == (f"{first.claim.request_id}:5", 0, None)
    assert (first.job.sampling.n, first.job.sampling.repetition_penalty) == (3, 1.0)
    kept = GenerationRequest.objects.get(pk=first.claim.request_id).prompt
    assert kept["version"] == "product_description/v1"
    assert kept["facts"] == ["title: Product 0", "type: Mug", "Material: stoneware"]
    assert kept["model"] == {
        "key": "default",
        "id": "big",
        "revision": "r1",
        "dtype": "bfloat16",
        "device": "cuda:0",
    }
    assert "Founded: 1987" in kept["messages"][1]["content"]
    assert [m.content for m in first.job.prompt.messages] == [
        m["content"] for m in kept["messages"]
    ]
    assert first.job.sampling.seed != second.job.sampling.seed


def test_the_same_request_draws_from_the_same_seed_again(in_scope):
    run = run_of(in_scope, 1)
    assert prepared_of(run)[0].job.sampling == prepared_of(run, fence=9)[0].job.sampling


def test_a_small_model_gets_an_example_and_a_base_model_a_text_to_continue(in_scope):
    run = run_of(in_scope, 1)
    prepared_of(run, SMALL)
    kept = GenerationRequest.objects.get().prompt
    assert [m["role"] for m in kept["messages"]] == ["system", "user", "assistant", "user"]
    assert kept["version"] == "product_description/v1-small"
    prepared_of(run, BASE)
    kept = GenerationRequest.objects.get().prompt
    assert kept["text"].endswith("Description:")
    assert "messages" not in kept


def test_a_product_without_words_has_no_job_but_a_reason(in_scope):
    run = run_of(in_scope, 2)
    Product.objects.filter(handle="p0").update(title="\u200b")
    Product.objects.get(handle="p1").delete()
    first, second = prepared_of(run)
    assert (first.job, first.error.code) == (None, "unusable_facts")
    assert (second.job, second.error.code) == (None, "product_deleted")
