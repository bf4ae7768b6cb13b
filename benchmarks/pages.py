"""Pages of a shop of 10 and of one of 100,000 products, and creating a run over all of them.

    make bench NAME=pages
    make bench NAME=pages ARGS="--products 10000 --others 100 --requests 50"

Beside the two shops there are 1,000 others of 100 products each in the same tables. Requests go
through the whole WSGI application in this process: role copydesk_app under row security, a
signed-in session, every middleware, no cache. For each page the shops and an empty page take turns,
so that all see the same machine; what a request takes is the time until its last byte.

p95_ratio: the worst page's 95th percentile at the large shop over that at the small one.
vs_empty_page: the worst page's over that of a page of the same layout without content, at the
large shop. search_p95_ratio: the same as p95_ratio for searches. max_queries: of any page, at either
shop. run_creation_ratio: creating a run over all products of the large shop over the bare
INSERT ... SELECT into the same table by the same role.
"""

import argparse
import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.web")
os.environ.setdefault("LOG_LEVEL", "ERROR")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=1_000, help="shops of 100 products")
    parser.add_argument("--requests", type=int, default=200, help="of each page and shop")
    parser.add_argument("--repeats", type=int, default=5, help="of creating a run")
    parser.add_argument("--only", default="", help="pages whose names begin like this")
    options = parser.parse_args()
    import django

    django.setup()
    from benchmarks.contenders.shop_pages import compare

    print(json.dumps(compare(options)))


if __name__ == "__main__":
    main()
