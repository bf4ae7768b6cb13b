"""The process that writes texts: claims, prepares, hands out to the models, stores, again.

The loop runs in one thread with one connection; each model has a thread of its own (a Station),
the lease a third (a Registration). Nothing here is remembered beyond the process: what is lost
with it, the reaper gives back.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from generation.endpoints import DEFAULT_MODEL
from generation.engine.backends.base import Backend
from generation.engine.errors import BackendError
from generation.engine.types import JobResult
from generation.intake import Prepared, prepare
from generation.local_model import build_default_backend
from generation.models import GenerationRun, InferenceWorker
from generation.queue import Claim, claim_requests, claim_suspect, held_requests, work_waits
from generation.registration import Registration
from generation.remote import RemoteStations
from generation.results import Holder
from generation.stations import Station
from generation.storing import OUT_OF_REACH, Held, by_merchant, store
from tenants.scope import merchant_scope

logger = logging.getLogger(__name__)

IDLE_SECONDS, DRAIN_SECONDS = 1.0, 20.0
_POLL_SECONDS, _CLAIM_SECONDS, _RECONNECT_SECONDS = 0.1, 0.5, 0.5
_DEAF_SECONDS = 30.0
_CEILING = 512


class InferenceService:
    """One a process. `start` it once, `serve` while there is work, `stop` it at the end.

    is_stopping: tells that the process is asked to end. build: the workers' own model.
    """

    def __init__(
        self,
        *,
        is_stopping: Callable[[], bool] = lambda: False,
        build: Callable[[], Backend] = build_default_backend,
    ) -> None:
        self._is_stopping = is_stopping
        self._outbox: queue.SimpleQueue[JobResult] = queue.SimpleQueue()
        self._held: dict[str, Held] = {}
        self._max_batch = int(settings.GENERATION["MAX_BATCH"])
        self.registration = Registration(self._describe, is_busy=lambda: bool(self._held))
        self._local = Station(
            build,
            name=DEFAULT_MODEL,
            max_batch=self._max_batch,
            deliver=self._outbox.put,
            on_change=self.registration.announce,
        )
        self._remote = RemoteStations(self._outbox.put)
        self._is_unsure = False
        self._next_claim_at = 0.0
        self._deaf_until = 0.0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Register this process and begin to load its model; returns at once."""
        self.registration.start()
        self._local.start()

    def serve(self, seconds: float) -> bool:
        """Work until nothing waits, or for `seconds` and then until what is held is done.

        Returns whether there may be more. A second call while one runs returns at once.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._serve(time.monotonic() + seconds)
        finally:
            self._lock.release()

    def stop(self) -> None:
        """Give back what is held, close the models and mark this worker as stopped."""
        self._give_back_all()
        self._remote.close()
        self._local.close()
        self.registration.close()

    def _serve(self, ends_at: float) -> bool:
        idle_from = time.monotonic()
        while True:
            is_closing = self._is_stopping() or time.monotonic() > ends_at
            self._turn(may_claim=not is_closing)
            if self._held:
                idle_from = time.monotonic()
                if self._is_stopping():
                    return self._drain()
            elif is_closing:
                return self._is_more()
            elif time.monotonic() - idle_from > IDLE_SECONDS:
                return False
            self._receive(_POLL_SECONDS)

    def _drain(self) -> bool:
        """Let the running step end; what is not done by then is given back."""
        ends_at = time.monotonic() + DRAIN_SECONDS
        while self._held and time.monotonic() < ends_at:
            self._receive(_POLL_SECONDS)
            self._turn(may_claim=False)
        self._give_back_all()
        return self._is_more()

    def _is_more(self) -> bool:
        try:
            return work_waits()
        except OUT_OF_REACH:
            connection.close()
            return False

    def _turn(self, *, may_claim: bool) -> None:
        """One round of book-keeping; without the database nothing is lost and it is tried again."""
        try:
            self._drop_lost()
            if self._is_unsure:
                self._adopt()
            self._abort_cancelled()
            self._store()
            if may_claim and time.monotonic() >= self._next_claim_at:
                self._claim()
            self._prepare()
            self._remote.close_idle(self._stations_in_use())
        except OUT_OF_REACH:
            logger.warning("The database is out of reach; trying again", exc_info=True)
            connection.close()
            self._is_unsure = True
            time.sleep(_RECONNECT_SECONDS)

    def _describe(self) -> dict[str, Any]:
        """What the worker's row shows of the local model."""
        info, error = self._local.info, self._local.error
        if info is not None:
            return {
                "state": InferenceWorker.State.READY,
                "model": info.model_id[:300],
                "revision": info.revision[:100],
                "device": f"{info.device} {info.dtype}".strip()[:60],
                "error_code": "",
                "error": "",
            }
        if error is not None:
            state = InferenceWorker.State.FAILED
            return {"state": state, "error_code": error.code, "error": error.message[:1000]}
        return {"state": InferenceWorker.State.LOADING}

    # What is held

    def _stations_in_use(self) -> set[Station]:
        return {held.station for held in self._held.values() if held.station}

    def _hold(self, claims: Iterable[Claim], holder: Holder) -> None:
        was_idle = not self._held
        for claim in claims:
            held = Held(claim, holder)
            self._held.setdefault(held.job_id, held)
        if was_idle and self._held:
            self.registration.announce()

    def _n_held(self, *, local: bool) -> int:
        return sum((h.claim.model == DEFAULT_MODEL) == local for h in self._held.values())

    def _drop_lost(self) -> None:
        """Forget what was claimed under a lease that is gone: somebody else has it now."""
        for job_id, held in list(self._held.items()):
            if held.holder != self.registration.holder:
                if held.station:
                    held.station.abort(job_id)
                del self._held[job_id]

    def _adopt(self) -> None:
        """Take up claims whose answer was lost with the connection."""
        holder = self.registration.holder
        if holder is not None:
            known = held_requests(worker_id=holder.worker_id, fence=holder.fence)
            self._hold(known, holder)
        self._is_unsure = False

    def _abort_cancelled(self) -> None:
        cancelled = self.registration.cancelled
        for held in self._held.values():
            if held.station and held.claim.request_id in cancelled and held.result is None:
                held.station.abort(held.job_id)

    def _give_back_all(self) -> None:
        for held in self._held.values():
            if held.station and held.result is None:
                held.station.abort(held.job_id)
            held.drop()
        self._turn(may_claim=False)
        self._held.clear()

    # Claiming

    def _claim(self) -> None:
        holder = self.registration.holder
        if holder is None or (self._held and self._must_let_go()):
            return
        if not self._held:
            suspect = claim_suspect(
                worker_id=holder.worker_id, fence=holder.fence, besides=self._not_local()
            )
            if suspect:
                return self._hold([suspect], holder)
            # Not for the models that this worker has now: do not let the batch run out for it.
            self._deaf_until = time.monotonic() + _DEAF_SECONDS
        n_before = len(self._held)
        self._hold([*self._claim_local(holder), *self._claim_remote(holder)], holder)
        is_quiet = self._held and len(self._held) == n_before
        self._next_claim_at = time.monotonic() + _CLAIM_SECONDS if is_quiet else 0.0

    def _must_let_go(self) -> bool:
        """Whether to claim nothing, so that a request which is only claimed alone gets its turn."""
        return self.registration.suspects_wait and time.monotonic() > self._deaf_until

    def _not_local(self) -> list[str]:
        return [] if self._local.info else [DEFAULT_MODEL]

    def _claim_local(self, holder: Holder) -> list[Claim]:
        room = self._max_batch - self._n_held(local=True)
        if room < 1 or self._local.info is None:
            return []
        return _claim(holder, room, only=[DEFAULT_MODEL])

    def _claim_remote(self, holder: Holder) -> list[Claim]:
        room = self._remote.room(self._n_held(local=False))
        if room < 1:
            return []
        held_by = [h.claim.model for h in self._held.values()]
        return _claim(holder, room, besides=[DEFAULT_MODEL, *self._remote.full(held_by)])

    # Preparing

    def _prepare(self) -> None:
        fresh = [h for h in self._held.values() if h.station is None and h.result is None]
        for group in by_merchant(fresh):
            try:
                self._prepare_group(group)
            except OUT_OF_REACH:
                raise
            except Exception:
                logger.exception("Requests could not be prepared; trying them one by one")
                self._prepare_singly(group)

    def _prepare_group(self, group: list[Held]) -> None:
        with merchant_scope(group[0].claim.merchant_id), transaction.atomic():
            stations = {model: self._station(model) for model in {h.claim.model for h in group}}
            ready = [h for h in group if isinstance(stations[h.claim.model], Station)]
            fence = group[0].holder.fence
            claims = [h.claim for h in ready]
            prepared = prepare(claims, fence, self._info) if claims else []
        for held, made in zip(ready, prepared, strict=True):
            self._submit(held, made, stations[held.claim.model])
        for held in group:
            problem = stations[held.claim.model]
            if isinstance(problem, BackendError):
                held.refuse(problem)

    def _prepare_singly(self, group: list[Held]) -> None:
        for held in group:
            try:
                self._prepare_group([held])
            except OUT_OF_REACH:
                raise
            except Exception as error:
                held.refuse(error)

    def _station(self, model: str) -> Station | BackendError:
        return self._local if model == DEFAULT_MODEL else self._remote.station(model)

    def _info(self, model: str) -> Any:
        return self._local.info if model == DEFAULT_MODEL else self._remote.info(model)

    def _submit(self, held: Held, made: Prepared, station: Any) -> None:
        held.attempts = made.attempts
        if made.job is None:
            return held.refuse(made.error or RuntimeError("there is no job"))
        held.station = station
        is_interactive = held.claim.lane == GenerationRun.Lane.INTERACTIVE
        station.submit(made.job, is_interactive=is_interactive)

    # Storing

    def _receive(self, timeout_seconds: float) -> None:
        """Take what the models have finished, waiting so long for the first."""
        try:
            result = self._outbox.get(timeout=timeout_seconds)
            while True:
                if result.id in self._held:
                    self._held[result.id].result = result
                    self._next_claim_at = 0.0
                result = self._outbox.get_nowait()
        except queue.Empty:
            return

    def _store(self) -> None:
        done = [held for held in self._held.values() if held.result is not None]
        for group in by_merchant(done):
            store(group)
            for held in group:
                del self._held[held.job_id]


def _claim(holder: Holder, limit: int, **models: list[str]) -> list[Claim]:
    return claim_requests(
        worker_id=holder.worker_id,
        fence=holder.fence,
        limit=limit,
        ceiling=settings.GENERATION.get("MERCHANT_CEILING", _CEILING),
        **models,
    )
