"""Our padded batches against one `model.generate` after another, on the built-in model.

Each round runs the contenders on the same prompts, one right after the other, so that a busy
machine slows both; the ratio is the median over the rounds. Lengths are forced: the end of the
text is suppressed for all, and only wanted tokens are counted.

    python -m benchmarks.engine_batching --data var
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generation.engine.backends.transformers import TransformersBackend
from generation.engine.builtin_model import ensure_builtin_model
from generation.engine.engine import Engine
from generation.engine.types import GenerationJob, SamplingParams
from generation.prompts import Brief, ProductFacts, PromptVariant, render_product_description

PRODUCTS = (
    ("Hearthside Mug", "stoneware", "380 ml", "dishwasher safe"),
    ("Ridge Trail Jacket", "recycled polyester", "410 g", "machine wash at 30 degrees"),
    ("Silver Leaf Necklace", "925 silver", "45 cm", "polish with a soft cloth"),
    ("Linden Bread Board", "beech", "40 x 25 cm", "oil twice a year"),
    ("Harbour Wool Blanket", "lambswool", "130 x 180 cm", "dry clean"),
    ("Field Notes Satchel", "vegetable tanned leather", "9 litres", "wipe with a damp cloth"),
    ("Tallow Street Candle", "soy wax", "200 g", "trim the wick"),
    ("Northlight Desk Lamp", "steel", "42 cm", "wipe dry"),
)


def workload(n_texts: int, n_tokens: int, temperature: float) -> list[GenerationJob]:
    """Prompts of different length about invented products."""
    jobs = []
    for i in range(n_texts):
        title, material, size, care = PRODUCTS[i % len(PRODUCTS)]
        extra = tuple((f"detail {k}", f"part {k} of the set") for k in range(i % 5))
        facts = ProductFacts(
            f"{title} No. {i}",
            attributes=(("material", material), ("size", size), ("care", care), *extra),
        )
        prompt = render_product_description(facts, Brief(), PromptVariant.small)
        sampling = SamplingParams(max_new_tokens=n_tokens, temperature=temperature, seed=i)
        jobs.append(GenerationJob(str(i), prompt, sampling))
    return jobs


def run_batched(backend: TransformersBackend, jobs: list[GenerationJob], batch: int) -> list[str]:
    """All texts by the engine, `batch` rows at a time."""
    engine = Engine(backend, max_batch=batch, max_batch_tokens=1_000_000)
    for job in jobs:
        engine.add(job)
    texts: dict[str, str] = {}
    while engine.has_work:
        texts |= {result.id: result.completions[0].text for result in engine.step()}
    return [texts[job.id] for job in jobs]


def run_one_by_one(loaded: Any, jobs: list[GenerationJob]) -> list[str]:
    """All texts by `model.generate`, one after another, its cache on."""
    import torch

    texts = []
    for job in jobs:
        ids = torch.tensor([loaded.encode(job.prompt)])
        output = loaded.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=job.sampling.max_new_tokens,
            do_sample=False,
        )
        new = output[0, ids.shape[1] :]
        texts.append(loaded.tokenizer.decode(new, skip_special_tokens=True).strip())
    return texts


def suppress_end_of_text(loaded: Any) -> None:
    """Make every text as long as its budget, for all contenders alike."""
    ends = sorted(loaded.eos_ids)

    def never_end(module: Any, arguments: Any, output: Any) -> None:
        output.logits[..., ends] = float("-inf")

    loaded.model.register_forward_hook(never_end)


def timed(run: Callable[[], list[str]], n_tokens: int) -> tuple[float, list[str]]:
    """Tokens per second and the texts."""
    started = time.perf_counter()
    texts = run()
    return n_tokens / (time.perf_counter() - started), texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"))
    parser.add_argument("--texts", type=int, default=16)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    folder = ensure_builtin_model(options.data, print)
    backend = TransformersBackend(str(folder), threads=options.threads)
    info = backend.load()
    loaded = backend._ready()
    suppress_end_of_text(loaded)
    greedy = workload(options.texts, options.tokens, temperature=0)
    sampled = workload(options.texts, options.tokens, temperature=0.7)
    wanted = options.texts * options.tokens
    run_batched(backend, greedy[:2], 2)

    rows = []
    for i in range(options.rounds):
        single, expected = timed(lambda: run_one_by_one(loaded, greedy), wanted)
        batched, texts = timed(lambda: run_batched(backend, greedy, options.batch), wanted)
        drawn, _ = timed(lambda: run_batched(backend, sampled, options.batch), wanted)
        same = sum(a == b for a, b in zip(texts, expected, strict=True))
        rows.append((single, batched, drawn, same))
        print(
            f"round {i + 1}: one by one {single:.1f}, batched {batched:.1f}, "
            f"batched and sampled {drawn:.1f} tokens/s, {same} of {options.texts} texts equal"
        )

    def median(values: list[float]) -> float:
        return round(statistics.median(values), 2)

    result = {
        "benchmark": "engine_batching",
        "model": info.model_id,
        "device": info.device,
        "dtype": info.dtype,
        "threads": options.threads,
        "texts": options.texts,
        "tokens_each": options.tokens,
        "batch": options.batch,
        "rounds": options.rounds,
        "one_by_one_tokens_per_second": median([row[0] for row in rows]),
        "batched_tokens_per_second": median([row[1] for row in rows]),
        "vs_one_by_one": median([row[1] / row[0] for row in rows]),
        "sampled_vs_greedy": median([row[2] / row[1] for row in rows]),
        "texts_identical": min(row[3] for row in rows),
    }
    print(f"\n{'contender':<24}{'tokens/s':>10}{'ratio':>8}")
    print(f"{'one generate a text':<24}{result['one_by_one_tokens_per_second']:>10}{1.0:>8}")
    print(f"{'our batch':<24}{result['batched_tokens_per_second']:>10}{result['vs_one_by_one']:>8}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
