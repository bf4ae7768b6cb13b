"""Any server that speaks the OpenAI interface: OpenAI, vLLM, Ollama, llama.cpp and others."""

import random
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generation.engine.backends.base import ShouldStop
from generation.engine.errors import BackendError
from generation.engine.types import GenerationJob, JobResult, ModelInfo, Prompt

if TYPE_CHECKING:
    from generation.engine.backends.openai.client import ChatClient

_POLL_SECONDS = 0.1
_FIRST_DELAY_SECONDS = 0.5
_MAX_DELAY_SECONDS = 30.0
_BYTES_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What the Test button shows.

    models: what the server lists, None if it has no list. model_is_listed: None without a list.
    """

    latency_seconds: float
    text: str
    models: tuple[str, ...] | None
    model_is_listed: bool | None


class OpenAIBackend:
    """Jobs as chat completions, several at a time, repeated while the server is busy.

    base_url: with its version, `https://host/v1`. model: as the server names it.
    allow_private_hosts: for endpoints of platform staff only; otherwise https to public
    addresses. context_length: 0 leaves the judgement to the server. n_attempts: per request;
    a server that asks for a longer pause than 30 s gets its job back as retryable.
    The interface knows no repetition penalty: that parameter is not sent.
    """

    name = "openai"

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        *,
        allow_private_hosts: bool = False,
        concurrency: int = 8,
        timeout_seconds: float = 120.0,
        n_attempts: int = 4,
        context_length: int = 0,
        verify: ssl.SSLContext | bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url
        self.model = model
        self.api_key = api_key
        self.allow_private_hosts = allow_private_hosts
        self.concurrency = concurrency
        self.timeout_seconds = timeout_seconds
        self.n_attempts = n_attempts
        self.context_length = context_length
        self.verify = verify
        self._sleep = sleep
        self._client: ChatClient | None = None
        self._pool: ThreadPoolExecutor | None = None

    def load(self) -> ModelInfo:
        self._ready()
        return ModelInfo(self.model, "", "remote", "", self.context_length, chat=True)

    def count_prompt_tokens(self, prompt: Prompt) -> int:
        return sum(len(m.content.encode()) for m in prompt.messages) // _BYTES_PER_TOKEN + 1

    def generate(self, jobs: Sequence[GenerationJob], should_stop: ShouldStop) -> list[JobResult]:
        self._ready()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="openai")
        futures = [self._pool.submit(self._answer, job, should_stop) for job in jobs]
        self._wait(jobs, futures, should_stop)
        return [
            future.result() if future.done() and not future.cancelled() else JobResult.aborted(job)
            for job, future in zip(jobs, futures, strict=True)
        ]

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()
        self._pool = self._client = None

    def probe(self) -> ProbeReport:
        """Ask for one word, without repetition. Raises BackendError with a sentence to show."""
        client = self._ready()
        models = client.list_models()
        started = time.monotonic()
        text = client.say_hello()
        listed = None if models is None else self.model in models
        return ProbeReport(time.monotonic() - started, text, models, listed)

    def _ready(self) -> "ChatClient":
        if self._client is None:
            from generation.engine.backends.openai.client import ChatClient

            self._client = ChatClient(
                self.base_url,
                self.model,
                self.api_key,
                allow_private_hosts=self.allow_private_hosts,
                concurrency=self.concurrency,
                timeout_seconds=self.timeout_seconds,
                verify=self.verify,
            )
        return self._client

    def _wait(
        self,
        jobs: Sequence[GenerationJob],
        futures: Sequence[Future[JobResult]],
        should_stop: ShouldStop,
    ) -> None:
        """Wait for all but the aborted: their answer, if it still comes, is thrown away."""
        open_futures = set(futures)
        while open_futures:
            _, open_futures = wait(open_futures, timeout=_POLL_SECONDS)
            for job, future in zip(jobs, futures, strict=True):
                if future in open_futures and should_stop(job.id):
                    future.cancel()
                    open_futures.discard(future)

    def _answer(self, job: GenerationJob, should_stop: ShouldStop) -> JobResult:
        started = time.monotonic()
        for attempt in range(self.n_attempts):
            if should_stop(job.id):
                return JobResult.aborted(job)
            try:
                return self._ready().complete(job, started)
            except BackendError as error:
                failure = error
            delay = _delay(failure, attempt)
            if not failure.retryable or delay is None or attempt + 1 == self.n_attempts:
                break
            self._sleep_unless_stopped(delay, job.id, should_stop)
        return JobResult.failed(job.id, failure, time.monotonic() - started)

    def _sleep_unless_stopped(self, seconds: float, job_id: str, should_stop: ShouldStop) -> None:
        while seconds > 0 and not should_stop(job_id):
            self._sleep(min(seconds, _POLL_SECONDS))
            seconds -= _POLL_SECONDS


def _delay(error: BackendError, attempt: int) -> float | None:
    """Seconds before the next attempt: doubling, at random up to that; None is too long to hold."""
    asked = error.retry_after_seconds or 0.0
    if asked > _MAX_DELAY_SECONDS:
        return None
    longest = min(_MAX_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2**attempt)
    return asked + random.uniform(0, longest)  # noqa: S311 (jitter)
