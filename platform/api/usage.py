"""How much each key is used: counted in the cache, written to the database once a minute at most.

A request so takes no lock for being counted. What is not written yet is added where it is shown;
a cache that is emptied costs a minute's count, never a request.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from redis.exceptions import RedisError

from api.models import ApiKeyUse
from tenants.scope import require_merchant_id

logger = logging.getLogger(__name__)
DAYS = 30
KEPT_SECONDS = 2 * 24 * 3600
KINDS = ("requests", "errors")


@dataclass(frozen=True)
class DayOfUse:
    day: dt.date
    n_requests: int = 0
    n_errors: int = 0


def count_request(key_id: int, *, is_error: bool) -> None:
    """Count one answered request of a key."""
    today = _today()
    try:
        _add(key_id, today, "requests")
        if is_error:
            _add(key_id, today, "errors")
    except RedisError:
        logger.exception("The cache does not answer: the use of keys is not counted")


def write_use(key_id: int) -> None:
    """Write what was counted since the last time, inside the scope of the key's merchant."""
    for day in (_today() - dt.timedelta(days=1), _today()):
        taken = [_take(key_id, day, kind) for kind in KINDS]
        if any(taken):
            _upsert(key_id, day, *taken)


def use_by_day(key_ids: Iterable[int]) -> dict[int, list[DayOfUse]]:
    """By key, each of the last 30 days, the oldest first; of the merchant in scope."""
    first = _today() - dt.timedelta(days=DAYS - 1)
    ids = list(key_ids)
    found = {(each.api_key_id, each.day): each for each in _written(ids, first)}
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    return {key: [_day(key, day, found.get((key, day))) for day in days] for key in ids}


def _written(ids: list[int], first: dt.date) -> Iterator[ApiKeyUse]:
    yield from ApiKeyUse.objects.filter(api_key__in=ids, day__gte=first)


def _day(key_id: int, day: dt.date, written: ApiKeyUse | None) -> DayOfUse:
    n_requests, n_errors = (written.n_requests, written.n_errors) if written else (0, 0)
    if day >= _today() - dt.timedelta(days=1):
        n_requests += _waiting(key_id, day, "requests")
        n_errors += _waiting(key_id, day, "errors")
    return DayOfUse(day, n_requests, n_errors)


def _upsert(key_id: int, day: dt.date, n_requests: int, n_errors: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_apikeyuse AS u (merchant_id, api_key_id, day, n_requests, n_errors)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (merchant_id, api_key_id, day) DO UPDATE"
            " SET n_requests = u.n_requests + excluded.n_requests,"
            " n_errors = u.n_errors + excluded.n_errors",
            [require_merchant_id(), key_id, day, n_requests, n_errors],
        )


def _today() -> dt.date:
    return timezone.now().astimezone(dt.UTC).date()


def _name(key_id: int, day: dt.date, kind: str) -> str:
    return f"api-use:{key_id}:{day.isoformat()}:{kind}"


def _add(key_id: int, day: dt.date, kind: str) -> None:
    name = _name(key_id, day, kind)
    cache.add(name, 0, timeout=KEPT_SECONDS)
    try:
        cache.incr(name)
    except ValueError:
        cache.set(name, 1, timeout=KEPT_SECONDS)


def _waiting(key_id: int, day: dt.date, kind: str) -> int:
    try:
        return int(cache.get(_name(key_id, day, kind), 0))
    except RedisError:
        return 0


def _take(key_id: int, day: dt.date, kind: str) -> int:
    """The count, taken off rather than deleted: what is counted meanwhile stays."""
    n = _waiting(key_id, day, kind)
    if n:
        try:
            cache.decr(_name(key_id, day, kind), n)
        except (ValueError, RedisError):
            return 0
    return n
