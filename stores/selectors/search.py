"""Finding products by words, codes, tags and attributes; docs/decisions/0011 says why it is so.

A search asks the documents for at most WINDOW products. Where more match, it is cheaper to walk
through the list in its order and look at each product's document: a page is soon full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, OuterRef, Subquery, Value
from django.db.models.expressions import RawSQL

from stores.catalogue.edit_distance import n_errors
from stores.catalogue.search_words import (
    MAX_WORD_CHARACTERS,
    attribute_lexeme,
    code_of,
    fold,
    is_unspaced,
    pairs_of,
    quoted,
    tag_lexeme,
    tokens_of,
)
from stores.models import ProductSearch
from tenants.scope import require_merchant_id

WINDOW = 2_000
MAX_TERMS = 12
# Trigrams choose whom to compare with: two swapped letters in the middle leave few of them alike.
ALIKE, MAX_ALIKE = 0.15, 60
_ALIKE_WORDS = """
SELECT w.word FROM stores_searchword w
 WHERE w.merchant_id = %(merchant)s AND similarity(w.word, %(word)s) >= %(alike)s
 ORDER BY similarity(w.word, %(word)s) DESC, w.word LIMIT %(limit)s
"""
SHORT_WORD = 5


@dataclass(frozen=True, slots=True)
class Search:
    """What came of a search.

    keys: of the products, None where more than WINDOW match and where nothing was asked for.
    query: for those, as a tsquery. instead: what was looked for in place of words that nothing has.
    """

    keys: tuple[int, ...] | None = None
    query: str = ""
    instead: str = ""

    def apply(self, products: Any) -> Any:
        """Those of the products that were found."""
        if self.keys is not None:
            return products.filter(_IsOneOf(F("pk"), Value(list(self.keys), output_field=_KEYS)))
        return products.filter(_has(self.query)) if self.query else products


def search(q: str = "", tags: Iterable[str] = (), attributes: Iterable[str] = ()) -> Search:
    """Look for words, and where nothing has them for words that are alike, with tags and attributes.

    attributes: `name:value`, or `name` for those that have it at all.
    """
    merchant_id = require_merchant_id()
    terms = [quoted(merchant_id, tag_lexeme(tag)) for tag in tags]
    for attribute in attributes:
        name, _, value = attribute.partition(":")
        terms.append(quoted(merchant_id, attribute_lexeme(name, value)))
    chunks = fold(q).split()[:MAX_TERMS]
    if not chunks:
        return _ask(terms) if terms else Search()
    found = _ask([*terms, _words_query(merchant_id, chunks)])
    if found.keys == () and (instead := _corrected(merchant_id, chunks)) is not None:
        again = _ask([*terms, _words_query(merchant_id, instead)])
        return Search(again.keys, again.query, " ".join(instead) if again.keys != () else "")
    return found


def n_found(query: str, limit: int) -> int:
    """How many products match a tsquery, counted up to the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(search_products(%s::tsquery, %s))", [query, limit])
        return int(cursor.fetchone()[0])


def found_keys(query: str, limit: int = 5 * WINDOW) -> RawSQL:
    """The keys of products that match a tsquery as a subquery, not more than the limit."""
    return RawSQL("SELECT unnest(search_products(%s::tsquery, %s))", [query, limit])  # noqa: S611


def _ask(terms: Sequence[str]) -> Search:
    if "" in terms:
        return Search(keys=())
    query = " & ".join(terms)
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_products(%s::tsquery, %s)", [query, WINDOW + 1])
        keys = cursor.fetchone()[0]
    return Search(keys=None if len(keys) > WINDOW else tuple(keys), query=query)


def _words_query(merchant_id: int, chunks: Sequence[str]) -> str:
    """Each chunk's words, or a code that begins like it; "" where there is nothing to look for."""
    terms = [term for chunk in chunks if (term := _chunk_query(merchant_id, chunk))]
    together = " & ".join(terms)
    code = code_of(" ".join(chunks))
    if len(chunks) > 1 and any(c.isdigit() for c in code) and terms:
        return f"({together} | {quoted(merchant_id, code)}:*)"
    return together


def _chunk_query(merchant_id: int, chunk: str) -> str:
    words = [_word_query(merchant_id, token) for token in tokens_of(chunk)[:MAX_TERMS]]
    if not words:
        return ""
    together = " & ".join(words)
    if chunk.isalnum():
        return f"({together})"
    return f"({together} | {quoted(merchant_id, chunk[:255])}:*)"


def _word_query(merchant_id: int, token: str) -> str:
    if is_unspaced(token):
        pairs = pairs_of(token)
        prefix = ":*" if len(token) == 1 else ""
        return " & ".join(quoted(merchant_id, pair) + prefix for pair in pairs[: 2 * MAX_TERMS])
    word = token[:MAX_WORD_CHARACTERS]
    terms = [quoted(merchant_id, word) + ":*", *(quoted(merchant_id, w) for w in _singulars(word))]
    return f"({' | '.join(terms)})" if len(terms) > 1 else terms[0]


def _singulars(word: str) -> list[str]:
    """What an English plural may be the plural of; the plural itself is found by its beginning."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return []
    if word.endswith("ies"):
        return [word[:-1], f"{word[:-3]}y"]
    return [word[:-1], word[:-2]] if word.endswith("es") else [word[:-1]]


def _corrected(merchant_id: int, chunks: Sequence[str]) -> list[str] | None:
    """The words with each that no product has replaced by the one most like it; None: all as it was."""
    corrected = [_nearest(merchant_id, chunk) for chunk in chunks]
    return corrected if corrected != list(chunks) else None


def _nearest(merchant_id: int, chunk: str) -> str:
    query = _chunk_query(merchant_id, chunk)
    if not (query and chunk.isalpha()) or _ask([query]).keys != ():
        return chunk
    if is_unspaced(chunk):
        return _longest_known(merchant_id, chunk)
    word = chunk[:MAX_WORD_CHARACTERS]
    values: dict[str, Any] = {
        "merchant": merchant_id,
        "word": word,
        "alike": ALIKE,
        "limit": MAX_ALIKE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE_WORDS, values)
        words = [row[0] for row in cursor.fetchall()]
    errors, best = min(((n_errors(word, one), one) for one in words), default=(len(word), ""))
    return best if errors <= (1 if len(word) <= SHORT_WORD else 2) else chunk


def _longest_known(merchant_id: int, run: str) -> str:
    """A part of the run that some product has: one wrong character leaves the rest to search by."""
    for size in range(len(run) - 1, 1, -1):
        for start in range(len(run) - size + 1):
            part = run[start : start + size]
            if _ask([_chunk_query(merchant_id, part)]).keys != ():
                return part
    return run


_KEYS: Any = ArrayField(BigIntegerField())


class _IsOneOf(Func):
    """Whether a key is in an array: one parameter, however many keys."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


class _Matches(Func):
    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def _has(query: str) -> Subquery:
    """Whether a product's document matches, as a subquery that is asked for one product at a time."""
    own = ProductSearch.objects.filter(pk=OuterRef("pk"))
    matches = own.annotate(_matches=_Matches(F("document"), Value(query))).values("_matches")
    return Subquery(matches, output_field=BooleanField())
