"""The queue in SQL: who waits, who is served, and the counts of a run that move with its requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from generation.models import GenerationRun
from stores.models import Product
from tenants.scope import require_merchant_id

# A UUID version 7 (RFC 9562, section 5.7) out of a random version 4; Postgres has its own from 18.
_UUID7 = """(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"""

_ENQUEUE = f"""
INSERT INTO generation_generationrequest (
    public_id, merchant_id, run_id, product_id, lane, model, state, attempts, crashes,
    is_cancel_requested, available_at, error_code, error, n_prompt_tokens, n_completion_tokens,
    seconds, created_at)
SELECT {_UUID7}, %s, %s, p.id, %s, %s, 'queued', 0, 0, false, now(), '', '', 0, 0, 0, now()
  FROM (SELECT id FROM stores_product WHERE merchant_id = %s AND id IN ({{products}}) ORDER BY id) p
"""  # noqa: S608 (the products' own SQL, its values are parameters)

# The lock that the conflict takes orders this against claim_requests, which deletes empty turns.
_TAKE_TURNS = """
INSERT INTO generation_queueturn (merchant_id, lane, model, weight, woken_at)
SELECT DISTINCT q.merchant_id, q.lane, q.model, m.queue_weight, now()
  FROM (VALUES {values}) q(merchant_id, lane, model)
  JOIN tenants_merchant m ON m.id = q.merchant_id
 ORDER BY q.lane, q.model
ON CONFLICT (merchant_id, lane, model)
DO UPDATE SET weight = EXCLUDED.weight, woken_at = EXCLUDED.woken_at
"""

# One statement: the counts of a run cannot differ from its requests.
_SETTLE = """
WITH changed AS (
    {changed}
), sums AS (
    SELECT run_id, count(*) FILTER (WHERE state = 'succeeded') AS n_succeeded,
           count(*) FILTER (WHERE state IN ('failed', 'quarantined')) AS n_failed,
           count(*) FILTER (WHERE state = 'cancelled') AS n_cancelled,
           sum(n_prompt_tokens) AS n_prompt_tokens,
           sum(n_completion_tokens) AS n_completion_tokens, sum(seconds) AS seconds
      FROM changed WHERE state IN ('succeeded', 'failed', 'quarantined', 'cancelled')
     GROUP BY run_id
), moved AS (
    UPDATE generation_generationrun g
       SET n_succeeded = g.n_succeeded + s.n_succeeded, n_failed = g.n_failed + s.n_failed,
           n_cancelled = g.n_cancelled + s.n_cancelled,
           n_prompt_tokens = g.n_prompt_tokens + s.n_prompt_tokens,
           n_completion_tokens = g.n_completion_tokens + s.n_completion_tokens,
           seconds = g.seconds + s.seconds,
           finished_at = CASE WHEN {is_last} THEN clock_timestamp() END,
           state = CASE WHEN {is_last} AND g.state = 'running' THEN 'finished' ELSE g.state END
      FROM sums s WHERE g.id = s.run_id
)
SELECT id, state FROM changed
"""
_COUNTED = "r.id, r.run_id, r.state, r.n_prompt_tokens, r.n_completion_tokens, r.seconds"
_IS_LAST = """g.n_succeeded + g.n_failed + g.n_cancelled
    + s.n_succeeded + s.n_failed + s.n_cancelled = g.n_total"""


def enqueue(run: GenerationRun, products: QuerySet[Product]) -> int:
    """Make the run's requests, one for each product, in one statement; returns how many."""
    unordered = products if products.query.is_sliced else products.order_by()
    chosen, values = unordered.values("pk").query.sql_with_params()
    merchant_id = require_merchant_id()
    parameters = [merchant_id, run.pk, run.lane, run.model, merchant_id, *values]
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE.format(products=chosen), parameters)
        return int(cursor.rowcount)


def take_turns(turns: Sequence[tuple[str, str]]) -> None:
    """Put the merchant in scope in line, for each (lane, model)."""
    values = ", ".join(["(%s::bigint, %s::varchar, %s::varchar)"] * len(turns))
    parameters = [part for lane, model in turns for part in (require_merchant_id(), lane, model)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TURNS.format(values=values), parameters)


def settle(update: str, parameters: Sequence[Any]) -> dict[int, str]:
    """Change requests and move the counts of their runs, in one statement.

    update: `UPDATE generation_generationrequest r SET ... WHERE ...` without RETURNING, on requests
    that are not terminal yet. Returns the state of each changed request, by id.
    """
    return _count(f"{update} RETURNING {_COUNTED}", parameters)


def settle_reaped(request_ids: Sequence[int]) -> None:
    """Count what the reaper made terminal for the merchant in scope, in the same transaction."""
    reaped = f"SELECT {_COUNTED} FROM generation_generationrequest r WHERE r.id = ANY (%s)"  # noqa: S608 (constants)
    _count(reaped, [list(request_ids)])


def _count(changed: str, parameters: Sequence[Any]) -> dict[int, str]:
    statement = _SETTLE.format(changed=changed, is_last=_IS_LAST)
    return dict(_rows(statement, parameters))


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that a worker holds."""

    request_id: int
    merchant_id: int
    run_id: int
    lane: str
    model: str


@dataclass(frozen=True, slots=True)
class Lease:
    """What a heartbeat learns. is_held: False is final. cancelled: ids of held requests."""

    is_held: bool
    cancelled: tuple[int, ...]
    suspects_wait: bool


@dataclass(frozen=True, slots=True)
class Reaped:
    """A request that a dead worker held, and its state now."""

    request_id: int
    merchant_id: int
    run_id: int
    state: str


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """How much waits in a lane over all merchants; oldest_seconds: None where nothing waits."""

    lane: str
    n_queued: int
    n_claimed: int
    oldest_seconds: float | None


def next_fence() -> int:
    """A number that no worker had before."""
    return int(_rows("SELECT nextval('generation_fence_seq')")[0][0])


def claim_requests(
    *,
    worker_id: int,
    fence: int,
    limit: int,
    ceiling: int,
    only: Sequence[str] | None = None,
    besides: Sequence[str] = (),
) -> list[Claim]:
    """Take up to `limit` requests, fairly over merchants, interactive before bulk.

    ceiling: most requests of one merchant in progress at once. only, besides: models to take
    requests for, and models to leave. Nothing if the lease is lost or the worker holds a suspect.
    """
    rows = _rows(
        "SELECT * FROM claim_requests(%s, %s, %s, %s, %s::text[], %s::text[])",
        [worker_id, fence, limit, ceiling, _array(only), list(besides)],
    )
    return [Claim(*row) for row in rows]


def claim_suspect(
    *, worker_id: int, fence: int, only: Sequence[str] | None = None, besides: Sequence[str] = ()
) -> Claim | None:
    """Take one request that a worker died with; only a worker that holds nothing gets one."""
    rows = _rows(
        "SELECT * FROM claim_suspect(%s, %s, %s::text[], %s::text[])",
        [worker_id, fence, _array(only), list(besides)],
    )
    return Claim(*rows[0]) if rows else None


def held_requests(*, worker_id: int, fence: int) -> list[Claim]:
    """What the worker holds by the books."""
    return [Claim(*row) for row in _rows("SELECT * FROM held_requests(%s, %s)", [worker_id, fence])]


def renew_lease(*, worker_id: int, fence: int, seconds: int) -> Lease:
    """Keep what the worker holds for `seconds` more, and learn what changed meanwhile."""
    is_held, cancelled, suspects_wait = _rows(
        "SELECT * FROM renew_leases(%s, %s, %s)", [worker_id, fence, seconds]
    )[0]
    return Lease(is_held, tuple(cancelled), suspects_wait)


def reap_expired(*, max_crashes: int) -> list[Reaped]:
    """Take back what dead workers held; the caller settles the counts in the same transaction."""
    return [Reaped(*row) for row in _rows("SELECT * FROM reap_expired(%s)", [max_crashes])]


def work_waits() -> bool:
    """Whether a worker would find something to do now."""
    return bool(_rows("SELECT work_waits()")[0][0])


def lane_figures() -> list[LaneFigures]:
    """The lanes over all merchants, interactive first."""
    return [LaneFigures(*row) for row in _rows("SELECT * FROM lane_figures()")]


def unchecked_requests(*, older_than_seconds: int, limit: int) -> dict[int, list[int]]:
    """Requests whose texts wait for their checks longer than that, by merchant."""
    found: dict[int, list[int]] = {}
    rows = _rows("SELECT * FROM unchecked_requests(%s, %s)", [older_than_seconds, limit])
    for request_id, merchant_id in rows:
        found.setdefault(merchant_id, []).append(request_id)
    return found


def _array(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _rows(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())
