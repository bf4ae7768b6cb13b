"""A model with a thread of its own, so that no model waits for another, nor for the database."""

import logging
import threading
import time
from collections.abc import Callable

from generation.engine.backends.base import Backend
from generation.engine.engine import Engine
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import GenerationJob, JobResult, ModelInfo

logger = logging.getLogger(__name__)

_RETRY_LOADING_SECONDS = 60.0


def _nothing() -> None:
    return None


class Station:
    """Jobs in, results out; the backend is built, loaded and run in the station's thread.

    Before each step it takes jobs for one batch, interactive ones first, so that one which comes
    later waits for the running step only. deliver: called with each result. on_change: called when
    the model is loaded or cannot be; loading is tried again every minute and with each new job.
    """

    def __init__(
        self,
        build: Callable[[], Backend],
        *,
        name: str,
        max_batch: int,
        deliver: Callable[[JobResult], None],
        on_change: Callable[[], None] = _nothing,
    ) -> None:
        self.name = name
        self.info: ModelInfo | None = None
        self.error: BackendError | None = None
        self.last_used = time.monotonic()
        self._build = build
        self._max_batch = max_batch
        self._deliver = deliver
        self._on_change = on_change
        self._engine: Engine | None = None
        self._waiting: dict[str, tuple[GenerationJob, bool]] = {}
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=f"model {name}", daemon=True)

    def start(self) -> None:
        """Begin to load the model; returns at once."""
        self._thread.start()

    def submit(self, job: GenerationJob, *, is_interactive: bool) -> None:
        """Put a job in line."""
        self.last_used = time.monotonic()
        with self._changed:
            self._waiting[job.id] = (job, is_interactive)
            self._changed.notify()

    def abort(self, job_id: str) -> None:
        """End a job early; it still gets a result, unless it has one already."""
        with self._changed:
            waiting = self._waiting.pop(job_id, None)
        if waiting:
            self._deliver(JobResult.aborted(waiting[0]))
        elif self._engine is not None:
            self._engine.abort(job_id)

    def close(self, timeout_seconds: float = 0.0) -> None:
        """End the thread once the engine is empty; jobs that it has not begun come back aborted."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if timeout_seconds and self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        engine = self._loaded_engine()
        while engine is not None and (engine.has_work or not self._is_closed):
            self._take_jobs(engine)
            for result in engine.step() if engine.has_work else ():
                self.last_used = time.monotonic()
                self._deliver(result)
        for job, _ in self._waiting.values():
            self._deliver(JobResult.aborted(job))
        if engine is not None:
            engine.backend.close()

    def _loaded_engine(self) -> Engine | None:
        """An engine around the loaded model, None if the station is closed before there is one."""
        while not self._is_closed:
            self._engine = self._load()
            self._on_change()
            if self._engine is not None:
                return self._engine
            with self._changed:
                if not (self._waiting or self._is_closed):
                    self._changed.wait(_RETRY_LOADING_SECONDS)
        return None

    def _load(self) -> Engine | None:
        try:
            backend = self._build()
            self.info = backend.load()
        except BackendError as error:
            self.error = error
        except Exception as error:
            logger.exception("%s could not be loaded", self.name)
            message = f"The model could not be loaded ({type(error).__name__}: {error})."
            self.error = BackendError(message, retryable=False, code=ErrorCode.model_unusable)
        else:
            self.error = None
            return Engine(backend, self._max_batch)
        self._fail_waiting(self.error)
        return None

    def _fail_waiting(self, error: BackendError) -> None:
        with self._changed:
            waiting, self._waiting = list(self._waiting), {}
        for job_id in waiting:
            self._deliver(JobResult.failed(job_id, error))

    def _take_jobs(self, engine: Engine) -> None:
        """Wait for work; hand the engine as many as fill a batch."""
        with self._changed:
            while not (self._waiting or engine.has_work or self._is_closed):
                self._changed.wait()
            if self._is_closed:
                return
            n_rows = engine.n_waiting
            for job, _ in sorted(self._waiting.values(), key=lambda entry: not entry[1]):
                if n_rows and n_rows + job.sampling.n > self._max_batch:
                    break
                n_rows += job.sampling.n
                del self._waiting[job.id]
                self._add(engine, job)

    def _add(self, engine: Engine, job: GenerationJob) -> None:
        try:
            engine.add(job)
        except Exception as error:
            logger.exception("A job was not accepted")
            failure = BackendError(str(error), retryable=False, code=ErrorCode.backend_failure)
            self._deliver(JobResult.failed(job.id, failure))
