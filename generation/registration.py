"""A worker's row and its lease: kept alive by a thread with its own connection."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from generation.models import InferenceWorker
from generation.queue import next_fence, renew_lease, work_waits
from generation.results import Holder
from generation.wakeups import wake

logger = logging.getLogger(__name__)

State = InferenceWorker.State
_RETRY_SECONDS = 1.0
_BUSY_SECONDS = 2.0


class Registration:
    """`holder` is under which number this process claims now; it changes when a lease is lost.

    describe: the state and the model to show, called in the thread at each beat. is_busy: whether
    requests are held: then it beats more often, to learn of cancelled ones.
    """

    def __init__(
        self, describe: Callable[[], dict[str, Any]], *, is_busy: Callable[[], bool]
    ) -> None:
        self.holder: Holder | None = None
        self.cancelled: frozenset[int] = frozenset()
        self.suspects_wait = False
        self._describe = describe
        self._is_busy = is_busy
        self._shown: dict[str, Any] = {}
        self._news = threading.Event()
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @property
    def lease_seconds(self) -> int:
        return int(settings.GENERATION["LEASE_SECONDS"])

    def start(self) -> None:
        """Register and keep the lease from now on; returns at once."""
        self._thread.start()

    def announce(self) -> None:
        """Show a change of the model's state now instead of at the next beat."""
        self._news.set()

    def close(self) -> None:
        """End the heartbeat and mark the row as stopped; give everything back before."""
        self._is_closed.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(self.lease_seconds)

    def _run(self) -> None:
        while not self._is_closed.is_set():
            self._news.clear()
            try:
                self._beat()
                pause = self._pause()
            except Error:
                logger.warning("The heartbeat does not reach the database", exc_info=True)
                connection.close()
                pause = _RETRY_SECONDS
            self._news.wait(pause)
        self._leave()

    def _pause(self) -> float:
        third = self.lease_seconds / 3
        return min(third, _BUSY_SECONDS) if self._is_busy() else third

    def _beat(self) -> None:
        if self.holder is None:
            self._register()
        self._renew()
        self._show()

    def _register(self) -> None:
        row = InferenceWorker.objects.create(
            host=socket.gethostname(),
            pid=os.getpid(),
            fence=next_fence(),
            state=State.LOADING,
            lease_expires_at=timezone.now() + timedelta(seconds=self.lease_seconds),
        )
        self._shown = {}
        self.cancelled = frozenset()
        self.holder = Holder(row.pk, row.fence)

    def _renew(self) -> None:
        if self.holder is None:
            return
        lease = renew_lease(
            worker_id=self.holder.worker_id, fence=self.holder.fence, seconds=self.lease_seconds
        )
        if not lease.is_held:
            logger.warning("The lease of worker %s was lost; registering anew", self.holder)
            self._register()
            return
        self.cancelled = frozenset(lease.cancelled)
        self.suspects_wait = lease.suspects_wait

    def _show(self) -> None:
        described = self._describe()
        if self.holder is None or described == self._shown:
            return
        alive = [State.LOADING, State.READY, State.FAILED]
        row = InferenceWorker.objects.filter(pk=self.holder.worker_id, state__in=alive)
        row.update(**described)
        self._shown = described
        if described["state"] != State.LOADING and work_waits():
            wake()

    def _leave(self) -> None:
        try:
            if self.holder is not None:
                rows = InferenceWorker.objects.filter(pk=self.holder.worker_id)
                rows.exclude(state=State.LOST).update(state=State.STOPPED)
        except Error:
            logger.warning("The row of worker %s stays until its lease ends", self.holder)
        finally:
            connection.close()
