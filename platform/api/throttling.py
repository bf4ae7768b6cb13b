"""How many requests a key may send, and the headers that tell it (draft-ietf-httpapi-ratelimit-headers-11)."""

import logging
import math
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.keys import KeyFacts

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Budget:
    """A key's sliding window: what it sent in the last full minute counts by the part still in view.

    n_before: requests in the last full minute. n_now: in this one, the present request included.
    elapsed_share: how much of this minute is over, 0 to 1.
    """

    limit: int
    n_before: int
    n_now: int
    elapsed_share: float

    @property
    def used(self) -> float:
        return self.n_before * (1 - self.elapsed_share) + self.n_now

    @property
    def is_spent(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(0, math.floor(self.limit - self.used))

    @property
    def reset_seconds(self) -> int:
        """Until the window has moved on; for a spent budget, until a request gets through again."""
        left = WINDOW_SECONDS * (1 - self.elapsed_share)
        return max(1, math.ceil(self._wait_seconds(left) if self.is_spent else left))

    def _wait_seconds(self, left: float) -> float:
        if self.n_now <= self.limit:
            excess = self.used - self.limit
            return WINDOW_SECONDS * excess / self.n_before
        return left + WINDOW_SECONDS * (1 - (self.limit - 1) / (self.n_now - 1))

    def headers(self) -> dict[str, str]:
        """The two fields of the draft, for a policy named `key`."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"key";r={self.remaining};t={self.reset_seconds}',
        }


class KeyThrottle(BaseThrottle):
    """Counts per key in the cache; a refused request does not count. Without a cache nothing is refused."""

    budget: Budget | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, KeyFacts):
            return True
        try:
            self.budget = view.budget = _spend(request.auth.key_id)
        except RedisError:
            logger.exception("The cache does not answer: API requests are not counted")
            return True
        return not self.budget.is_spent

    def wait(self) -> float | None:
        return self.budget.reset_seconds if self.budget else None


def _spend(key_id: int) -> Budget:
    window, elapsed = divmod(time.time(), WINDOW_SECONDS)
    name = f"api-budget:{key_id}:{int(window)}"
    n_now = _count_one(name)
    n_before = cache.get(f"api-budget:{key_id}:{int(window) - 1}", 0)
    budget = Budget(settings.API_REQUESTS_PER_MINUTE, n_before, n_now, elapsed / WINDOW_SECONDS)
    if budget.is_spent and cache.get(name):
        cache.decr(name)
    return budget


def _count_one(name: str) -> int:
    """One more under this name. A cache that is emptied in between begins anew."""
    cache.add(name, 0, timeout=2 * WINDOW_SECONDS)
    try:
        return cache.incr(name)
    except ValueError:
        cache.set(name, 1, timeout=2 * WINDOW_SECONDS)
        return 1
