"""Hugging Face causal models in this process, by plain dynamic batching.

What batching changes: rows of different length are padded on the left, so sums are taken in
another order and logits differ in the last bits (measured 6e-5 in fp32). A text drawn with a
seed is repeated exactly in the same batch on the same device, and in another batch unless two
tokens, or a draw and a boundary, lie closer than that.
"""

import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from generation.engine.backends.base import ShouldStop
from generation.engine.backends.transformers.folder import locate_model
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import GenerationJob, JobResult, ModelInfo, Prompt

if TYPE_CHECKING:
    from generation.engine.backends.transformers.decoding import Row
    from generation.engine.backends.transformers.loading import LoadedModel


class TransformersBackend:
    """A model folder or hub id, loaded once into this process.

    device, dtype: `auto` or torch's names. threads: torch's CPU threads, 0 chooses.
    allow_downloads: None reads GENERATION_ALLOW_DOWNLOADS; without it only folders and the
    local cache are looked at. Weights are safetensors only and no code of a model is run.
    """

    name = "transformers"

    def __init__(
        self,
        model: str,
        device: str = "auto",
        dtype: str = "auto",
        threads: int = 0,
        allow_downloads: bool | None = None,
    ) -> None:
        self.model = model
        self.device = device
        self.dtype = dtype
        self.threads = threads
        if allow_downloads is None:
            allow_downloads = os.environ.get("GENERATION_ALLOW_DOWNLOADS") == "1"
        self.allow_downloads = allow_downloads
        self._loaded: LoadedModel | None = None

    def load(self) -> ModelInfo:
        folder = locate_model(self.model, allow_downloads=self.allow_downloads)
        # Read when torch is first imported: spinning threads cost a factor of eight on busy cores.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from generation.engine.backends.transformers.loading import cap_threads, load_model

        cap_threads(self.threads)
        self._loaded = load_model(self.model, folder, self.device, self.dtype, self.allow_downloads)
        return self._loaded.info

    def count_prompt_tokens(self, prompt: Prompt) -> int:
        return len(self._ready().encode(prompt))

    def generate(self, jobs: Sequence[GenerationJob], should_stop: ShouldStop) -> list[JobResult]:
        started = time.monotonic()
        prompts = [self._ready().encode(job.prompt) for job in jobs]
        rows_of = [self._rows(job, ids) for job, ids in zip(jobs, prompts, strict=True)]
        rows = [row for job_rows in rows_of for row in job_rows]
        self._decode(rows, should_stop)
        share = (time.monotonic() - started) / max(1, len(rows))
        return [
            self._result(job, ids, job_rows, share)
            for job, ids, job_rows in zip(jobs, prompts, rows_of, strict=True)
        ]

    def close(self) -> None:
        self._loaded = None

    def _ready(self) -> "LoadedModel":
        if self._loaded is None:
            raise RuntimeError("load() comes first")
        return self._loaded

    def _rows(self, job: GenerationJob, prompt_ids: list[int]) -> "list[Row]":
        """A row a candidate, none if the prompt does not fit into the context."""
        from generation.engine.backends.transformers.decoding import Row

        info = self._ready().info
        if not prompt_ids or len(prompt_ids) + job.sampling.max_new_tokens > info.context_length:
            return []
        own_stop = () if info.chat else job.prompt.completion_stop
        stop = (*job.sampling.stop, *own_stop)
        return [Row(job, index, prompt_ids, stop) for index in range(job.sampling.n)]

    def _decode(self, rows: "list[Row]", should_stop: ShouldStop) -> None:
        """Run all rows, in halves of halves where the memory does not hold them at once."""
        limit = len(rows)
        while rows:
            part = rows[:limit]
            if self._fits(part, should_stop):
                rows = rows[limit:]
            elif len(part) > 1:
                limit = len(part) // 2
            else:
                message = "The device's memory does not hold even this one text."
                part[0].fail(message, ErrorCode.out_of_memory, retryable=True)
                rows = rows[1:]

    def _fits(self, rows: "list[Row]", should_stop: ShouldStop) -> bool:
        from generation.engine.backends.transformers.decoding import Batch
        from generation.engine.backends.transformers.memory import free_cache, is_out_of_memory

        for row in rows:
            row.restart()
        try:
            Batch(self._ready(), rows).run(should_stop)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        else:
            return True
        # Only here, past the handler, have the failed batch's tensors lost their last reference.
        free_cache()
        return False

    def _result(
        self, job: GenerationJob, prompt_ids: list[int], rows: "list[Row]", share: float
    ) -> JobResult:
        from generation.engine.backends.transformers.decoding import completion_of

        if not rows:
            return JobResult.failed(job.id, self._too_long(job, len(prompt_ids)))
        for row in rows:
            if row.error:
                return JobResult.failed(job.id, row.error, share * len(rows))
        completions = tuple(completion_of(row, self._ready()) for row in rows)
        n_new = sum(completion.n_completion_tokens for completion in completions)
        return JobResult(job.id, completions, len(prompt_ids), n_new, share * len(rows))

    def _too_long(self, job: GenerationJob, n_prompt_tokens: int) -> BackendError:
        message = (
            f"The prompt has {n_prompt_tokens} tokens and asks for {job.sampling.max_new_tokens} "
            f"new ones; the model's context holds {self._ready().info.context_length}."
        )
        return BackendError(message, retryable=False, code=ErrorCode.prompt_too_long)
