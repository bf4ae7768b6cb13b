"""One static batch from prompts to texts: prefill once a prompt, then a token a row a step.

Left padding, so that all rows end in the same column. A finished row leaves the batch at once
and the rest goes on without it; nobody takes its place before the batch ends.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from generation.engine.backends.base import ShouldStop
from generation.engine.backends.transformers.loading import LoadedModel
from generation.engine.backends.transformers.sampling import (
    choose_tokens,
    logprobs_of,
    penalise_repetition,
)
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import Completion, FinishReason, GenerationJob

_POLL_EVERY = 4
_STOP_TAIL_TOKENS = 8


@dataclass(slots=True)
class Row:
    """One candidate being written. `prompt_ids` is shared by the candidates of a job."""

    job: GenerationJob
    index: int
    prompt_ids: list[int]
    stop: tuple[str, ...]
    token_ids: list[int] = field(default_factory=list)
    logprob_sum: float = 0.0
    finish_reason: FinishReason | None = None
    error: BackendError | None = None
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget what was written; the same draws come again."""
        self.token_ids, self.logprob_sum, self.finish_reason = [], 0.0, None
        stream = f"{self.job.sampling.seed}/{self.index}"
        self.rng = random.Random(stream)  # noqa: S311 (sampling, not a secret)

    def fail(self, message: str, code: ErrorCode, *, retryable: bool) -> None:
        """End the row with an error of its own."""
        self.finish_reason = FinishReason.error
        self.error = BackendError(message, retryable, code)


class Batch:
    """The rows that still run and the tensors that belong to them, in the same order."""

    def __init__(self, loaded: LoadedModel, rows: Sequence[Row]) -> None:
        self.loaded = loaded
        self.rows = list(rows)
        self.device = loaded.model.device
        self._prefill()
        self._set_sampling()

    @torch.inference_mode()
    def run(self, should_stop: ShouldStop) -> None:
        """Write until every row has a finish reason."""
        step = 0
        while self.rows:
            self._append(self._next_tokens())
            if step % _POLL_EVERY == 0:
                self._poll(should_stop)
            self._drop_finished()
            if self.rows:
                self._forward()
            step += 1

    @torch.inference_mode()
    def _prefill(self) -> None:
        """Encode each job's prompt once and copy its cache to the job's candidates."""
        prompts = {row.job.id: row.prompt_ids for row in self.rows}
        place = {job_id: i for i, job_id in enumerate(prompts)}
        input_ids, mask = self._left_padded(list(prompts.values()))
        positions = (mask.cumsum(dim=-1) - 1).clamp(min=0)
        output = self.loaded.forward(input_ids, mask, positions, None)
        index = torch.tensor([place[row.job.id] for row in self.rows], device=self.device)
        self.cache: Any = output.past_key_values
        if len(prompts) < len(self.rows):
            self.cache.batch_select_indices(index)
        self.mask, self.positions = mask[index], positions[index, -1:]
        self.logits = output.logits[index, -1].float()
        self.seen = self._seen_in(input_ids, mask)[index] if self._penalises() else None

    def _left_padded(self, prompts: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
        width = max(map(len, prompts))
        pad = self.loaded.pad_id
        ids = [[pad] * (width - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        return torch.tensor(ids, device=self.device), torch.tensor(mask, device=self.device)

    def _seen_in(self, input_ids: Tensor, mask: Tensor) -> Tensor:
        # Padding is counted apart: it may be a token that the prompt does not hold.
        shape = (input_ids.shape[0], self.logits.shape[-1])
        counts = torch.zeros(shape, dtype=torch.long, device=self.device)
        return counts.scatter_add_(-1, input_ids, mask) > 0

    def _penalises(self) -> bool:
        return any(row.job.sampling.repetition_penalty != 1 for row in self.rows)

    def _set_sampling(self) -> None:
        sampling = [row.job.sampling for row in self.rows]
        self.temperature = torch.tensor([s.temperature for s in sampling], device=self.device)
        self.top_p = torch.tensor([s.top_p for s in sampling], device=self.device)
        self.penalty = torch.tensor([s.repetition_penalty for s in sampling], device=self.device)

    def _next_tokens(self) -> Tensor:
        logits = self.logits
        if self.seen is not None:
            logits = penalise_repetition(logits, self.seen, self.penalty)
        draws = torch.tensor([row.rng.random() for row in self.rows], device=self.device)
        return choose_tokens(logits, self.temperature, self.top_p, draws)

    def _append(self, tokens: Tensor) -> None:
        logprobs = logprobs_of(self.logits, tokens).tolist()
        for row, token, logprob in zip(self.rows, tokens.tolist(), logprobs, strict=True):
            row.token_ids.append(token)
            row.logprob_sum += logprob
            self._judge(row, logprob)
        if self.seen is not None:
            self.seen.scatter_(-1, tokens.unsqueeze(-1), value=True)
        self.tokens = tokens

    def _judge(self, row: Row, logprob: float) -> None:
        if math.isnan(logprob):
            message = "The model computed values that are no numbers on this prompt."
            row.fail(message, ErrorCode.bad_response, retryable=False)
        elif row.token_ids[-1] in self.loaded.eos_ids or self._has_stop(row):
            row.finish_reason = FinishReason.stop
        elif len(row.token_ids) >= row.job.sampling.max_new_tokens:
            row.finish_reason = FinishReason.length

    def _has_stop(self, row: Row) -> bool:
        if not row.stop:
            return False
        tail = row.token_ids[-_STOP_TAIL_TOKENS - max(map(len, row.stop)) :]
        text = self.loaded.tokenizer.decode(tail)
        return any(stop in text for stop in row.stop)

    def _poll(self, should_stop: ShouldStop) -> None:
        for row in self.rows:
            if row.finish_reason is None and should_stop(row.job.id):
                row.finish_reason = FinishReason.aborted

    def _drop_finished(self) -> None:
        alive = [i for i, row in enumerate(self.rows) if row.finish_reason is None]
        if len(alive) == len(self.rows):
            return
        self.rows = [self.rows[i] for i in alive]
        if not alive:
            return
        index = torch.tensor(alive, device=self.device)
        self.cache.batch_select_indices(index)
        self.tokens, self.mask, self.positions = (
            self.tokens[index],
            self.mask[index],
            self.positions[index],
        )
        self.seen = None if self.seen is None else self.seen[index]
        self._set_sampling()

    def _forward(self) -> None:
        self.positions = self.positions + 1
        self.mask = torch.cat([self.mask, torch.ones_like(self.mask[:, :1])], dim=-1)
        output = self.loaded.forward(
            self.tokens.unsqueeze(-1), self.mask, self.positions, self.cache
        )
        self.cache, self.logits = output.past_key_values, output.logits[:, -1].float()


def completion_of(row: Row, loaded: LoadedModel) -> Completion:
    """The finished row as text: special tokens out, nothing after a stop string."""
    ids = [token for token in row.token_ids if token not in loaded.eos_ids]
    text = loaded.tokenizer.decode(ids, skip_special_tokens=True).rstrip("\ufffd")
    found = [at for at in (text.find(stop) for stop in row.stop) if at >= 0]
    mean = row.logprob_sum / len(row.token_ids) if row.token_ids else None
    return Completion(
        text=text[: min(found)] if found else text,
        finish_reason=row.finish_reason or FinishReason.error,
        n_completion_tokens=len(row.token_ids),
        mean_logprob=mean,
    )
