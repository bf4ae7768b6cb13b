"""The contract between the engine and whatever writes the text."""

from collections.abc import Callable, Sequence
from typing import Protocol

from generation.engine.types import GenerationJob, JobResult, ModelInfo, Prompt

ShouldStop = Callable[[str], bool]


class Backend(Protocol):
    """Something that turns prompts into texts.

    Life: built by `get_backend`, `load()` once, `generate()` many times from one thread at a
    time, `close()` once. Building is cheap and touches neither network nor disk.

    `load` raises BackendError when the model cannot be had or must not be loaded.

    `generate` answers every job once, in the order given. What is wrong with one job (a prompt
    longer than the context, a refusal by the server) is that job's `error`; nothing is ever
    truncated silently. Only a fault that cannot be pinned on a job may be raised: the engine
    then repeats the batch job by job. Completions of one job are `n` texts in order; candidate
    i of a job draws from the stream (seed, i), whatever else is in the batch. Text is raw: the
    engine cuts stop strings and trims, a backend may stop early at them.

    `should_stop(job_id)` is cheap, may be called often and from other threads; once true, the job
    ends soon with FinishReason.aborted and the text so far, and the other jobs go on.

    `count_prompt_tokens` may estimate; the engine only packs batches by it.
    """

    name: str

    def load(self) -> ModelInfo: ...

    def count_prompt_tokens(self, prompt: Prompt) -> int: ...

    def generate(
        self, jobs: Sequence[GenerationJob], should_stop: ShouldStop
    ) -> list[JobResult]: ...

    def close(self) -> None: ...
