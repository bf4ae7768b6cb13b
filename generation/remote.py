"""The stations of models behind OpenAI-compatible servers: made when needed, closed when idle."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from cryptography.fernet import InvalidToken

from generation.endpoints import Endpoint, backend_of, find_endpoint
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import JobResult, ModelInfo
from generation.stations import Station
from tenants.errors import DomainError

MAX_HELD, _MOST_AT_ONCE = 64, 8
# A silent server must leave places for those of others.
_MOST_OF_ONE = MAX_HELD // 4
_IDLE_SECONDS = 300.0
_ROWS_PER_CALL = 8

Signature = tuple[str, str, bytes, int]


class RemoteStations:
    """By the public id that a run names. An endpoint that was changed gets a new station."""

    def __init__(self, deliver: Callable[[JobResult], None]) -> None:
        self._deliver = deliver
        self._stations: dict[str, Station] = {}
        self._signatures: dict[str, Signature] = {}

    def room(self, n_held: int) -> int:
        """How many requests more may be claimed now, over all endpoints."""
        return min(_MOST_AT_ONCE, MAX_HELD - n_held)

    def full(self, held_by: Iterable[str]) -> list[str]:
        """Endpoints with enough in hand: one batch running, one ready. held_by: a name a request."""
        counts = Counter(held_by)
        known = self._signatures.items()
        return [key for key, (*_, n) in known if counts[key] >= min(2 * n, _MOST_OF_ONE)]

    def station(self, key: str) -> Station | BackendError:
        """The station of an endpoint, for the merchant in scope, or why there is none."""
        try:
            endpoint = find_endpoint(key)
            if endpoint is None:
                raise ValueError("the default model is not behind an endpoint")
            return self._current(key, endpoint)
        except DomainError as error:
            return BackendError(str(error.message), retryable=False, code=error.code)
        except InvalidToken:
            message = "The stored API key cannot be read any more; enter it again."
            return BackendError(message, retryable=False, code=ErrorCode.endpoint_refused)

    def info(self, key: str) -> ModelInfo:
        """What can be known of the model without asking its server."""
        return ModelInfo(self._signatures[key][1], "", "remote", "", 0, chat=True)

    def close_idle(self, in_use: set[Station]) -> None:
        """Close stations that nothing was asked of for five minutes."""
        for key, station in list(self._stations.items()):
            if station not in in_use and time.monotonic() - station.last_used > _IDLE_SECONDS:
                self._forget(key)

    def close(self) -> None:
        """Close all of them."""
        for key in list(self._stations):
            self._forget(key)

    def _current(self, key: str, endpoint: Endpoint) -> Station:
        stored = bytes(endpoint.api_key_encrypted)
        signature = (endpoint.base_url, endpoint.model, stored, endpoint.max_concurrency)
        if self._signatures.get(key) != signature:
            self._forget(key)
            backend = backend_of(endpoint)
            station = Station(
                lambda: backend,
                name=key,
                max_batch=endpoint.max_concurrency * _ROWS_PER_CALL,
                deliver=self._deliver,
            )
            station.start()
            self._stations[key], self._signatures[key] = station, signature
        return self._stations[key]

    def _forget(self, key: str) -> None:
        """A station that is closed ends the step it is in; its results are still delivered."""
        station = self._stations.pop(key, None)
        self._signatures.pop(key, None)
        if station is not None:
            station.close()
