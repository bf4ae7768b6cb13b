"""Choosing which waiting jobs run together."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.engine.types import GenerationJob

_WINDOW = 4


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job and the length of its prompt in tokens."""

    job: GenerationJob
    n_prompt_tokens: int

    @property
    def n_rows(self) -> int:
        return self.job.sampling.n

    @property
    def row_tokens(self) -> int:
        """The longest that one candidate can get, prompt included."""
        return self.n_prompt_tokens + self.job.sampling.max_new_tokens


def plan_batches(
    waiting: Sequence[WaitingJob], max_batch: int, max_batch_tokens: int
) -> list[list[WaitingJob]]:
    """Split jobs into batches of similar length, at most max_batch rows and max_batch_tokens each.

    A batch costs rows times its longest row, as padding does. One job over a limit goes alone.
    """
    batches: list[list[WaitingJob]] = []
    rows, longest = 0, 0
    for item in sorted(waiting, key=lambda item: item.row_tokens):
        rows, longest = rows + item.n_rows, max(longest, item.row_tokens)
        fits = rows <= max_batch and rows * longest <= max_batch_tokens
        if batches and fits:
            batches[-1].append(item)
        else:
            batches.append([item])
            rows, longest = item.n_rows, item.row_tokens
    return batches


def next_batch(
    waiting: Sequence[WaitingJob], max_batch: int, max_batch_tokens: int
) -> list[WaitingJob]:
    """Take the batch that holds the oldest job, so that no length waits for ever.

    waiting: oldest first, not empty. Only the oldest few batches' worth are looked at.
    """
    window = waiting[: max_batch * _WINDOW]
    batches = plan_batches(window, max_batch, max_batch_tokens)
    return next(batch for batch in batches if window[0] in batch)
