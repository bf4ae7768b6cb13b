"""Drawing the next token of each row from its own stream."""

import torch
from torch import Tensor

_NUCLEUS_CANDIDATES = 256


def choose_tokens(logits: Tensor, temperature: Tensor, top_p: Tensor, draws: Tensor) -> Tensor:
    """The next token of each row; shapes (rows, vocabulary) and (rows,), result (rows,).

    temperature: 0 takes the likeliest token. draws: one uniform number in [0, 1) a row, which
    picks from the nucleus by its cumulated probability, so a row's token depends on its own
    logits and draw alone.
    """
    greedy = logits.argmax(dim=-1)
    if not temperature.any():
        return greedy
    probabilities = (logits / temperature.clamp(min=1e-3).unsqueeze(-1)).softmax(dim=-1)
    top_p = torch.where(temperature > 0, top_p, torch.zeros_like(top_p))
    values, tokens = _likeliest(probabilities, top_p)
    before = values.cumsum(dim=-1) - values
    nucleus = torch.where(before < top_p.unsqueeze(-1), values, torch.zeros_like(values))
    cumulated = nucleus.cumsum(dim=-1)
    wanted = (draws * cumulated[:, -1]).unsqueeze(-1)
    last = (nucleus > 0).sum(dim=-1, keepdim=True) - 1
    place = torch.minimum((cumulated <= wanted).sum(dim=-1, keepdim=True), last.clamp(min=0))
    return torch.where(temperature > 0, tokens.gather(-1, place).squeeze(-1), greedy)


def _likeliest(probabilities: Tensor, top_p: Tensor) -> tuple[Tensor, Tensor]:
    """Enough tokens to cover each row's nucleus, likeliest first.

    Sorting a whole vocabulary costs as much as a layer; a few hundred nearly always suffice.
    """
    n_tokens = probabilities.shape[-1]
    few = probabilities.topk(min(_NUCLEUS_CANDIDATES, n_tokens), dim=-1)
    if bool((few.values.sum(dim=-1) >= top_p).all()):
        return few.values, few.indices
    every = probabilities.sort(dim=-1, descending=True, stable=True)
    return every.values, every.indices


def penalise_repetition(logits: Tensor, seen: Tensor, penalty: Tensor) -> Tensor:
    """Make tokens already in prompt or text less likely, as Transformers does it.

    seen: bool (rows, vocabulary). penalty: (rows,), 1 changes nothing.
    """
    factor = penalty.unsqueeze(-1)
    lowered = torch.where(logits > 0, logits / factor, logits * factor)
    return torch.where(seen, lowered, logits)


def logprobs_of(logits: Tensor, tokens: Tensor) -> Tensor:
    """Log-probability of each row's token under the model itself, temperature 1; shape (rows,)."""
    chosen = logits.gather(-1, tokens.unsqueeze(-1)).squeeze(-1)
    return chosen - logits.logsumexp(dim=-1)
