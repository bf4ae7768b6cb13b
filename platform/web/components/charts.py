"""Charts as SVG that the server draws: no script, no style attribute, figures in a table beside them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

HEIGHT = 60.0
STEP = 10.0
GAP = 2.0


class DayValue(NamedTuple):
    """One day. n_bad: of n, what went wrong."""

    day: dt.date
    n: int
    n_bad: int = 0


def day_chart(days: Sequence[DayValue], label: object, bad_label: object = "") -> dict[str, Any]:
    """Bars by day, the oldest first; label says what is counted, bad_label what its red part is."""
    most = max((day.n for day in days), default=0)
    return {
        "bars": [_bar(place, day, most) for place, day in enumerate(days)],
        "width": f"{len(days) * STEP:g}",
        "height": f"{HEIGHT:g}",
        "most": most,
        "first": days[0].day if days else None,
        "last": days[-1].day if days else None,
        "rows": [day for day in reversed(days) if day.n],
        "label": label,
        "bad_label": bad_label,
    }


def _bar(place: int, day: DayValue, most: int) -> dict[str, Any]:
    # Of few among many something stays to be seen.
    whole = max(HEIGHT * day.n / most, 1.0) if day.n else 0.0
    bad = max(whole * day.n_bad / day.n, 1.0) if day.n_bad else 0.0
    return {
        "x": f"{place * STEP + GAP / 2:g}",
        "width": f"{STEP - GAP:g}",
        "y": f"{HEIGHT - whole:.2f}",
        "height": f"{whole:.2f}",
        "bad_y": f"{HEIGHT - bad:.2f}",
        "bad_height": f"{bad:.2f}",
        "day": day,
    }
