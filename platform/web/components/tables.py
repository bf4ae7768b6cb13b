"""Sorting, filtering, selecting and paging; every link keeps the other parameters."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from web.paging import KeysetPage, Total

PAGING = ("page", "cursor", "before", "after")


def query_with(params: QueryDict, **changes: object) -> str:
    """Return `?…` with the changes made; None drops a parameter, no parameter gives `?`."""
    copy = params.copy()
    for name, value in changes.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def query_for(context: RequestContext, **changes: object) -> str:
    """The current query with the changes made and without any paging."""
    return query_with(_params(context), **dict.fromkeys(PAGING) | changes)


def sort_header(context: RequestContext, key: str, label: object, **options: Any) -> dict[str, Any]:
    """A column header that sorts: first ascending, then descending (`-key`), then not.

    Options: parameter ("sort"), default (the key sorted by when none is given), target
    (selector that htmx swaps), align ("end" for numbers), descending_first.
    """
    parameter, default = options.get("parameter", "sort"), options.get("default", "")
    current = _params(context).get(parameter) or default
    first, second = (f"-{key}", key) if options.get("descending_first") else (key, f"-{key}")
    following = second if current == first else first
    direction = {key: "ascending", f"-{key}": "descending"}.get(current)
    return {
        "label": label,
        "direction": direction,
        "href": query_for(context, **{parameter: following}),
        "target": options.get("target", ""),
        "align": options.get("align", ""),
    }


def pagination(context: RequestContext, page: Page[Any], target: str = "") -> dict[str, Any]:
    """Links to the pages of a Django paginator, and "21–40 of 312"."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "entries": [_page_entry(context, page, number) for number in numbers],
        "previous": _page_link(context, page, -1),
        "next": _page_link(context, page, 1),
        "target": target,
    }


def keyset_pagination(
    context: RequestContext, page: KeysetPage, target: str = ""
) -> dict[str, Any]:
    """First, previous and next page of a long list, and "51–100 of 10,000+"."""
    return {
        "page": page,
        "first": query_for(context) if page.previous else None,
        "previous": query_for(context, before=page.previous) if page.previous else None,
        "next": query_for(context, after=page.next) if page.next else None,
        "target": target,
    }


def cursor_pagination(
    context: RequestContext,
    previous: str | None = None,
    next: str | None = None,
    target: str = "",
) -> dict[str, Any]:
    """Newer and older, for lists that are paged by a cursor (`before` and `after`)."""
    return {
        "previous": query_for(context, before=previous) if previous else None,
        "next": query_for(context, after=next) if next else None,
        "target": target,
    }


def filter_bar(
    context: RequestContext, content: str, target: str = "", **options: Any
) -> SafeString:
    """A search field and filters that apply as one types, or on Enter without script.

    Options: search (parameter, "q"; None leaves the field out), placeholder, keep (names
    of parameters to carry along, "sort").
    """
    params = _params(context)
    search = options.get("search", "q")
    names = options.get("keep", "sort").split(",")
    keep = [(name, value) for name in names for value in params.getlist(name)]
    values = {
        "content": content,
        "target": target,
        "search": search,
        "query": params.get(search, "") if search else "",
        "placeholder": options.get("placeholder", ""),
        "keep": keep,
        "is_filtered": any(v for n, v in params.items() if n not in (*PAGING, "sort")),
        "path": context["request"].path,
    }
    return render_to_string("components/filter_bar.html", values)


def filter_select(
    context: RequestContext,
    name: str,
    label: object,
    choices: Iterable[tuple[object, object]],
) -> dict[str, Any]:
    """One filter of a filter bar: a select whose empty choice means "any"."""
    current = _params(context).get(name, "")
    options = [{"value": v, "label": text, "is_chosen": str(v) == current} for v, text in choices]
    return {"name": name, "label": label, "options": options, "is_active": bool(current)}


def bulk_bar(content: str, total: int | Total, noun: object = "") -> SafeString:
    """What can be done with the ticked rows; total is how many rows the filter matches."""
    context = {"content": content, "total": total, "n": int(total), "noun": noun}
    return render_to_string("components/bulk_bar.html", context)


def select_row(value: object, label: object = "") -> SafeString:
    """The tick of one row; value is its public id and label what it is called."""
    return format_html(
        '<td class="select-cell"><label class="select-hit"><input class="checkbox" type="checkbox"'
        ' name="selected" value="{}" data-select-row aria-label="{}"></label></td>',
        value,
        _("Select %(label)s") % {"label": label},
    )


def select_all() -> dict[str, Any]:
    """The tick in the table's head, which ticks every row of the page."""
    return {}


def _params(context: RequestContext) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


def _page_entry(context: RequestContext, page: Page[Any], number: int | str) -> dict[str, Any]:
    if not isinstance(number, int):
        return {"label": number, "href": None, "is_current": False}
    return {
        "label": number,
        "href": query_for(context, page=number),
        "is_current": number == page.number,
    }


def _page_link(context: RequestContext, page: Page[Any], step: int) -> str | None:
    exists = page.has_next() if step > 0 else page.has_previous()
    return query_for(context, page=page.number + step) if exists else None
