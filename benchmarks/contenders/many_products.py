"""Shops with products, drafts and a run each, made by SQL as superuser: a minute instead of an hour.

Every product has a SKU, an image and a draft that the shop's one run has written. Words, vendors,
types, categories and tags are drawn from the product's number, so that every seeding is the same.
"""

from typing import Any

WORDS = [
    *("stoneware", "mug", "linen", "throw", "oak", "shelf", "brass", "lamp", "kettle", "apron"),
    *("vase", "rug", "basket", "cushion", "candle", "clock", "stool", "bowl", "plate", "jar"),
    *("board", "knife", "pan", "chair", "table", "mirror", "tray", "towel", "blanket", "pillow"),
]
CHINESE = ["陶瓷", "马克杯", "亚麻", "桌布", "橡木", "书架", "黄铜", "台灯", "茶壶", "花瓶"]

_PRODUCTS = """
INSERT INTO stores_product (public_id, merchant_id, handle, title, vendor, product_type, category,
    tags, status, locale, attributes, option_names, source, copy_state, readiness, currency,
    min_price_minor, max_price_minor, created_at, updated_at)
SELECT gen_random_uuid(), m.id, 'p-' || n,
       initcap(w[1 + h %% 30] || ' ' || w[1 + (h / 30) %% 30]) || ' ' || c[1 + (h / 900) %% 10]
           || ' ' || n,
       'Vendor ' || (n %% 60), 'Type ' || (n %% 40),
       'Home > Room ' || (n %% 12) || ' > Kind ' || (n %% 48),
       ARRAY['tag ' || (n %% 25), 'season ' || (n %% 4)],
       CASE WHEN n %% 50 = 7 THEN 'draft' ELSE 'active' END, 'en',
       jsonb_build_array(jsonb_build_object('name', 'Material', 'value', w[1 + n %% 13],
                                            'type', 'text', 'unit', null)),
       '{}', '{}', CASE WHEN n %% 5 = 0 THEN 'none' ELSE 'draft' END,
       CASE WHEN n %% 3 = 0 THEN 'ready' ELSE 'thin' END, 'EUR',
       NULLIF((n * 7919) %% 100000, 0), NULLIF((n * 7919) %% 100000, 0),
       now() - n * interval '1 second', now() - ((n * 31) %% 100003) * interval '1 second'
  FROM unnest(%(merchants)s::bigint[]) m (id), generate_series(1, %(n)s) n,
       LATERAL (SELECT abs(hashint4(n)::bigint) AS h) k,
       (SELECT %(words)s::text[] AS w, %(chinese)s::text[] AS c) x
"""
_OTHERS = (
    """INSERT INTO stores_sku (public_id, merchant_id, product_id, code, barcode, options,
           price_minor, currency, position, source)
       SELECT gen_random_uuid(), merchant_id, id, 'SKU-' || id, '', '{}', min_price_minor, 'EUR', 1,
              '{}' FROM stores_product""",
    """INSERT INTO stores_productimage (public_id, merchant_id, product_id, url, alt_text, position,
           state)
       SELECT gen_random_uuid(), merchant_id, id, 'https://img.example/' || id || '.jpg', '', 1, 'ok'
         FROM stores_product""",
    """INSERT INTO stores_copyslot (public_id, merchant_id, product_id, field, channel, locale)
       SELECT gen_random_uuid(), merchant_id, id, 'description', 'shop', 'en' FROM stores_product""",
    """INSERT INTO generation_generationrun (public_id, merchant_id, field, brief, n_candidates, seed,
           model, lane, state, n_total, n_succeeded, n_failed, n_cancelled, n_prompt_tokens,
           n_completion_tokens, seconds, created_at, finished_at)
       SELECT gen_random_uuid(), merchant_id, 'description',
              '{"tone": "neutral", "length": "medium", "language": "en", "instructions": ""}', 1, 1,
              'default', 'bulk', 'finished', count(*), count(*), 0, 0, 1, 1, 1, now(), now()
         FROM stores_product GROUP BY merchant_id""",
    """INSERT INTO generation_generationrequest (public_id, merchant_id, run_id, product_id, lane,
           model, state, attempts, crashes, is_cancel_requested, available_at, finished_at,
           error_code, error, n_prompt_tokens, n_completion_tokens, seconds, created_at)
       SELECT gen_random_uuid(), p.merchant_id, r.id, p.id, 'bulk', 'default',
              CASE WHEN p.id %% 100 = 7 THEN 'failed' ELSE 'succeeded' END, 1, 0, false, now(), now(),
              CASE WHEN p.id %% 100 = 7 THEN 'no_usable_text' ELSE '' END, '', 1, 1, 1, now()
         FROM stores_product p JOIN generation_generationrun r USING (merchant_id)""",
    """INSERT INTO generation_candidate (public_id, merchant_id, request_id, index, raw, text,
           finish_reason, n_completion_tokens, is_usable, findings, created_at)
       SELECT q.public_id, q.merchant_id, q.id, 0, 'A fine thing.', '<p>A fine thing.</p>', 'stop',
              4, true, '[]', now() FROM generation_generationrequest q WHERE q.state = 'succeeded'""",
)
# The same lexemes that catalogue.search_words finds; the benchmark compares some of them.
_DOCUMENTS = """
INSERT INTO stores_productsearch (id, merchant_id, document)
SELECT p.id, p.merchant_id, array_to_tsvector(ARRAY(
           SELECT DISTINCT p.merchant_id || ':' || l
             FROM unnest(
                 string_to_array(lower(regexp_replace(p.title, ' [^ a-zA-Z0-9]+ ', ' ')), ' ')
                 || string_to_array(lower(p.vendor || ' ' || p.product_type || ' '
                                          || replace(p.category, '> ', '')), ' ')
                 || string_to_array(array_to_string(p.tags, ' '), ' ')
                 || ARRAY['tag=' || p.tags[1], 'tag=' || p.tags[2], p.handle, 'sku-' || p.id,
                          'a=material=', 'a=material=' || (p.attributes -> 0 ->> 'value'),
                          p.attributes -> 0 ->> 'value',
                          substr(c.word, 1, 2), substr(c.word, greatest(1, length(c.word) - 1), 2),
                          right(c.word, 1)]) AS l WHERE l <> ''))
  FROM stores_product p, LATERAL (SELECT split_part(p.title, ' ', 3) AS word) c
"""
_WORDS = """
INSERT INTO stores_searchword (merchant_id, word)
SELECT m.id, w FROM tenants_merchant m, unnest(%s::text[]) w
"""
_DRAFTS = """
INSERT INTO stores_copyversion (public_id, merchant_id, slot_id, number, text, source, state,
    is_sample, provenance, candidate, rejection_reason, created_at)
SELECT gen_random_uuid(), s.merchant_id, s.id, 1, '<p>A fine thing for every day.</p>', 'ai', 'draft',
       false, jsonb_build_object('run', %(run)s::text), '', '', now() - s.id * interval '1 second'
  FROM stores_copyslot s JOIN stores_product p ON p.id = s.product_id AND p.copy_state = 'draft'
 WHERE s.merchant_id = %(merchant)s
"""


def seed(cursor: Any, merchants: list[int], n: int) -> None:
    """Products for each of the merchants, n each. cursor: of a superuser."""
    values = {"merchants": merchants, "n": n, "words": WORDS, "chinese": CHINESE}
    cursor.execute(_PRODUCTS, values)


def seed_rest(cursor: Any) -> None:
    """What all the products need beside themselves, except drafts and search documents."""
    for statement in _OTHERS:
        cursor.execute(statement.replace("%%", "%"))


def seed_search(cursor: Any) -> None:
    """The documents that every write of a product keeps, and the words for typing errors."""
    known = [word for word in WORDS if len(word) > 3]
    cursor.execute(_DOCUMENTS)
    cursor.execute(_WORDS, [[*known, "vendor", "type", "home", "room", "kind", "season"]])


def seed_drafts(cursor: Any, merchant: int, run: str) -> None:
    """A draft for each product of the merchant whose copy state says so."""
    cursor.execute(_DRAFTS, {"merchant": merchant, "run": run})
