"""The loop around a backend: choose a batch, run it, give each job its own result."""

from collections.abc import Sequence
from dataclasses import replace

from generation.engine.backends.base import Backend
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.scheduler import WaitingJob, next_batch
from generation.engine.types import Completion, FinishReason, GenerationJob, JobResult


class Engine:
    """Jobs in, results out, a batch at each step.

    max_batch: candidate rows run together. max_batch_tokens: rows times the longest row.
    One thread adds and steps; `abort` may come from any thread.
    """

    def __init__(
        self, backend: Backend, max_batch: int = 16, max_batch_tokens: int = 16_384
    ) -> None:
        if max_batch < 1 or max_batch_tokens < 1:
            raise ValueError("max_batch and max_batch_tokens must be at least 1")
        self.backend = backend
        self.max_batch = max_batch
        self.max_batch_tokens = max_batch_tokens
        self._waiting: dict[str, WaitingJob] = {}
        self._aborted: set[str] = set()

    @property
    def has_work(self) -> bool:
        """Whether a step would return anything."""
        return bool(self._waiting)

    @property
    def n_waiting(self) -> int:
        """Jobs that were added and have no result yet."""
        return len(self._waiting)

    def add(self, job: GenerationJob) -> None:
        """Queue a job. Raises ValueError if one with its id is still waiting."""
        if job.id in self._waiting:
            raise ValueError(f"Job {job.id!r} is already waiting.")
        n_prompt_tokens = self.backend.count_prompt_tokens(job.prompt)
        self._waiting[job.id] = WaitingJob(job, n_prompt_tokens)

    def abort(self, job_id: str) -> None:
        """Ask for an early end; the job still gets one result, an unknown id is ignored."""
        if job_id in self._waiting:
            self._aborted.add(job_id)

    def step(self) -> list[JobResult]:
        """Run the next batch and return its results, and those of jobs aborted while waiting."""
        results = [JobResult.aborted(item.job) for item in self._take_aborted()]
        if self._waiting:
            waiting = list(self._waiting.values())
            batch = next_batch(waiting, self.max_batch, self.max_batch_tokens)
            results += self._run([item.job for item in batch])
        for result in results:
            self._waiting.pop(result.id, None)
            self._aborted.discard(result.id)
        return results

    def _take_aborted(self) -> list[WaitingJob]:
        taken = [item for job_id, item in self._waiting.items() if job_id in self._aborted]
        for item in taken:
            del self._waiting[item.job.id]
        return taken

    def _run(self, jobs: Sequence[GenerationJob]) -> list[JobResult]:
        try:
            return self._generate(jobs)
        except Exception as error:
            if len(jobs) == 1:
                return [JobResult.failed(jobs[0].id, _as_backend_error(error))]
        # One poisoned job must not take its neighbours with it.
        return [result for job in jobs for result in self._run([job])]

    def _generate(self, jobs: Sequence[GenerationJob]) -> list[JobResult]:
        results = self.backend.generate(jobs, self._aborted.__contains__)
        if [result.id for result in results] != [job.id for job in jobs]:
            raise RuntimeError(f"{self.backend.name} did not answer every job once, in order")
        return [_postprocess(job, result) for job, result in zip(jobs, results, strict=True)]


def _as_backend_error(error: Exception) -> BackendError:
    if isinstance(error, BackendError):
        return error
    message = f"The model failed on this prompt ({type(error).__name__}: {error})."
    return BackendError(message, retryable=False, code=ErrorCode.backend_failure)


def _postprocess(job: GenerationJob, result: JobResult) -> JobResult:
    """Cut each text before the first stop string and trim it."""
    completions = tuple(_cut(item, job.sampling.stop) for item in result.completions)
    return replace(result, completions=completions)


def _cut(completion: Completion, stop: tuple[str, ...]) -> Completion:
    found = [at for at in (completion.text.find(text) for text in stop) if at >= 0]
    if not found:
        return replace(completion, text=completion.text.strip())
    text = completion.text[: min(found)].strip()
    return replace(completion, text=text, finish_reason=FinishReason.stop)
