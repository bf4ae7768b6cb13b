"""Greedy decoding by `model.generate`, one prompt at a time, to compare batches with."""

import torch

from generation.engine.backends.transformers.decoding import Batch
from tests.generation.engine.stubs import never

# Sums in another order move logits in the last bits: two closer than this may swap.
NEAR_TIE = 1e-3


def reference(loaded, prompt_ids, n_tokens):
    """Greedy tokens of model.generate for one prompt, and the margin of its two best logits."""
    output = loaded.model.generate(
        torch.tensor([prompt_ids]),
        attention_mask=torch.ones(1, len(prompt_ids), dtype=torch.long),
        max_new_tokens=n_tokens,
        do_sample=False,
        eos_token_id=sorted(loaded.eos_ids),
        pad_token_id=loaded.pad_id,
        output_logits=True,
        return_dict_in_generate=True,
    )
    best = torch.stack(output.logits)[:, 0].topk(2).values
    return output.sequences[0, len(prompt_ids) :].tolist(), (best[:, 0] - best[:, 1]).tolist()


def run_rows(backend, jobs):
    rows = [row for j in jobs for row in backend._rows(j, backend._loaded.encode(j.prompt))]
    Batch(backend._loaded, rows).run(never)
    return rows


def assert_greedy_equals_generate(loaded, row):
    limit = row.job.sampling.max_new_tokens
    expected, margins = reference(loaded, row.prompt_ids, limit)
    pairs = zip(row.token_ids, expected, strict=False)
    differs = [i for i, (ours, theirs) in enumerate(pairs) if ours != theirs][:1]
    assert [i for i in differs if margins[i] > NEAR_TIE] == []
    assert differs or row.token_ids == expected
