"""Imports of a Shopify file of 200,000 rows: ours, django-import-export's, and bare COPY.

    make bench NAME=imports
    make bench NAME=imports ARGS="--rows 20000 --repeats 1"

Ours is timed end to end: keeping the upload, reading and checking every row, the preview of every
product, confirming, writing, and the report of the invalid rows. Every contender runs in a process
of its own, one right after the other, on empty tables.

vs_import_export: our rows a second against django-import-export's, timed on the first 10,000 rows.
vs_copy: our rows a second against COPY of the same parsed rows to temporary tables and upserts into
the same tables as superuser. peak_rss_mb: of our process over the whole import. peak_rss_mb_at_10x:
of one that reads, checks and previews a file of ten times the rows (writing works on chunks of
equal size from the database, whatever the file).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.worker")
os.environ.setdefault("COPYDESK_MAX_IMPORT_BYTES", str(4 * 1024**3))
os.environ.setdefault("LOG_LEVEL", "WARNING")

import psycopg

from benchmarks.contenders import shopify_file
from benchmarks.facts import circumstances, peak_rss_mb

ROWS = 200_000
IMPORT_EXPORT_ROWS = 10_000
REPEATS = 3
TABLES = ("tenants_merchant", "tenants_auditentry")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rows-at-10x", type=int, help="ten times --rows if not given; 0: none")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--import-export-rows", type=int, default=IMPORT_EXPORT_ROWS)
    parser.add_argument("--contender", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        run_contender(options.contender, options.file)
    else:
        compare(options)


def run_contender(name: str, file: Path) -> None:
    """In a process of its own: print what one contender needed."""
    import django

    django.setup()
    print(json.dumps({**CONTENDERS[name](file), "peak_rss_mb": peak_rss_mb()}))


def _ours(file: Path) -> dict[str, Any]:
    from benchmarks.contenders import ours

    return ours.bring(file)


def _ours_again(file: Path) -> dict[str, Any]:
    from benchmarks.contenders import ours

    return ours.bring_again(file)


def _reading(file: Path) -> dict[str, Any]:
    from benchmarks.contenders import ours

    return ours.bring(file, only_read=True)


def _import_export(file: Path) -> dict[str, Any]:
    from benchmarks.contenders import import_export

    return import_export.bring(file)


def _copy(file: Path) -> dict[str, Any]:
    from benchmarks.contenders import copy_upsert

    return copy_upsert.bring(file, superuser_url())


CONTENDERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "ours": _ours,
    "ours_again": _ours_again,
    "reading": _reading,
    "import_export": _import_export,
    "copy": _copy,
}


def compare(options: argparse.Namespace) -> None:
    """All contenders, as often as asked, and the result."""
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-file-") as folder:
        file, few, large = (Path(folder) / f"{name}.csv" for name in ("file", "few", "large"))
        n_invalid = shopify_file.write_file(file, options.rows)
        n_few = write_few(few, min(options.import_export_rows, options.rows))
        rounds = [one_round(file, few) for _ in range(options.repeats)]
        raw = {
            "rows": options.rows,
            "rows_invalid": n_invalid,
            "file_bytes": file.stat().st_size,
            "import_export_rows": n_few,
            "rounds": rounds,
            "at_10x": at_10x(large, options),
        }
    print(json.dumps(result(raw)))


def write_few(file: Path, n_rows: int) -> int:
    """The file for django-import-export; how many rows it has."""
    import django

    django.setup()
    from benchmarks.contenders import import_export

    return import_export.write_valid_rows(file, n_rows)


def one_round(file: Path, few: Path) -> dict[str, Any]:
    """Each contender once, on empty tables."""
    found = {}
    for name, path in (
        ("ours", file),
        ("ours_again", file),
        ("copy", file),
        ("import_export", few),
    ):
        if name != "ours_again":
            empty_tables()
        found[name] = in_a_process(name, path)
        print(f"{name}: {json.dumps(found[name])}", flush=True)
    return found


def at_10x(file: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What reading a file ten times as long needs."""
    n_rows = 10 * options.rows if options.rows_at_10x is None else options.rows_at_10x
    if not n_rows:
        return {}
    shopify_file.write_file(file, n_rows)
    empty_tables()
    found = {"rows": n_rows, **in_a_process("reading", file)}
    print(f"10x: {json.dumps(found)}", flush=True)
    return found


def in_a_process(name: str, file: Path) -> dict[str, Any]:
    """What a contender printed last."""
    command = [sys.executable, "-m", "benchmarks.imports", "--contender", name, "--file", str(file)]
    # Only the superuser may set sequences back, which django-import-export does at its end.
    url = superuser_url() if name == "import_export" else os.environ["DATABASE_WORKER_URL"]
    environment = {**os.environ, "DATABASE_WORKER_URL": url}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def result(raw: dict[str, Any]) -> dict[str, Any]:
    """The fixed keys, from everything that was measured."""
    rates = [_rates(raw, found) for found in raw["rounds"]]
    ratios = {name: [rate["ours"] / rate[name] for rate in rates] for name in rates[0]}
    with psycopg.connect(superuser_url()) as connection:
        about = circumstances(connection)
    return {
        "benchmark": "imports",
        "vs_import_export": round(statistics.median(ratios["import_export"]), 2),
        "vs_copy": round(statistics.median(ratios["copy"]), 3),
        "peak_rss_mb": max(found["ours"]["peak_rss_mb"] for found in raw["rounds"]),
        "peak_rss_mb_at_10x": raw["at_10x"].get("peak_rss_mb"),
        **about,
        "raw": {**raw, "rows_per_second": rates},
    }


def _rates(raw: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    """Rows a second of each contender in one round; django-import-export's with and without a preview."""
    few, seconds = raw["import_export_rows"], found["import_export"]["seconds"]
    rates = {
        "ours": raw["rows"] / sum(found["ours"]["seconds"].values()),
        "ours_again": raw["rows"] / sum(found["ours_again"]["seconds"].values()),
        "copy": raw["rows"] / found["copy"]["seconds"]["write"],
        "import_export": few / seconds["write"],
        "import_export_with_preview": few / (seconds["preview"] + seconds["write"]),
    }
    return {name: round(rate, 1) for name, rate in rates.items()}


def empty_tables() -> None:
    """As after the migrations."""
    with psycopg.connect(superuser_url(), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE")
        connection.execute("VACUUM")
        connection.execute("CHECKPOINT")


def superuser_url() -> str:
    """Of the database that the benchmark has for itself."""
    server = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0]
    return f"{server}/{os.environ['DATABASE_OWNER_URL'].rpartition('/')[2]}"


if __name__ == "__main__":
    main()
