"""`?fields=` and `?expand=`: a row without what nobody needs, or with what belongs to it.

A serializer's member `expanded` holds a member for each name that `expand` may have. Nothing else of
a row changes its type: ids stay ids.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from api.permissions import MissingScope
from api.problems import InvalidParameters

PARTIAL_TYPE = "application/vnd.copydesk.partial+json"
EXPANDED = "expanded"
ID = "id"
MAX_NAMES = 100


@dataclass(frozen=True)
class Shape:
    """What a caller wants to see. names: dotted paths, empty for all. expand: what is to be added."""

    names: frozenset[str] = frozenset()
    expand: frozenset[str] = frozenset()
    tree: dict[str, Any] = field(default_factory=dict)

    @property
    def is_partial(self) -> bool:
        """Whether members are left out that the whole row has."""
        return bool(self.names)

    def wants(self, member: str) -> bool:
        """Whether a member of the row will be shown."""
        return not self.names or member in self.tree

    def prune(self, serializer: Any) -> None:
        """Take from a serializer all fields that are not to be shown."""
        row = getattr(serializer, "child", serializer)
        if EXPANDED in row.fields:
            _keep(row.fields[EXPANDED].fields, self.expand)
            if not self.expand:
                del row.fields[EXPANDED]
        if self.names:
            wanted = {**self.tree, ID: {}}
            if self.expand:
                wanted.setdefault(EXPANDED, {})
            _prune(row, wanted)


def shape_of(
    request: Request, serializer: Any, also: Iterable[str] = (), scopes: Mapping[str, str] = {}
) -> Shape:
    """The shape that an address asks for.

    serializer: an instance of the resource's. also: names that `expand` may have without an effect.
    scopes: what a key needs to expand a name, where that is more than to read the resource.
    Raises InvalidParameters where the address names what is not there, and MissingScope.
    """
    names = _named(request, "fields")
    expand = _named(request, "expand")
    _refuse_unknown("fields", names, set(field_names(serializer)))
    _refuse_unknown("expand", expand, {*expansions(serializer), *also})
    _refuse_unscoped(expand, scopes, request.auth)
    return Shape(names, expand - {*also}, _tree(names))


def field_names(serializer: Any, prefix: str = "") -> Iterator[str]:
    """Every name that `fields` may have, the row's own before those inside them."""
    row = getattr(serializer, "child", serializer)
    for name, member in row.fields.items():
        yield prefix + name
        inner = getattr(member, "child", member)
        if isinstance(inner, serializers.BaseSerializer):
            yield from field_names(inner, f"{prefix}{name}.")


def expansions(serializer: Any) -> list[str]:
    """Every name that `expand` may have."""
    row = getattr(serializer, "child", serializer)
    return list(row.fields[EXPANDED].fields) if EXPANDED in row.fields else []


def _named(request: Request, parameter: str) -> frozenset[str]:
    given = request.query_params.getlist(parameter)
    names = [name.strip() for text in given for name in text.split(",")]
    if len(names) > MAX_NAMES:
        message = _("Give {limit} names at most.").format(limit=MAX_NAMES)
        raise InvalidParameters({parameter: [message]}, code="invalid")
    return frozenset(name for name in names if name)


def _refuse_unknown(parameter: str, names: frozenset[str], known: set[str]) -> None:
    if unknown := sorted(names - known):
        shown = ", ".join(name[:60] for name in unknown[:5])
        message = _("There is no “{names}” here.").format(names=shown)
        raise InvalidParameters({parameter: [message]}, code="invalid_choice")


def _refuse_unscoped(expand: frozenset[str], scopes: Mapping[str, str], key: Any) -> None:
    for name in sorted(expand & scopes.keys()):
        if scopes[name] not in key.scopes:
            raise MissingScope(scopes[name])


def _tree(names: Iterable[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    # The shorter name first: who wants all of a member wants no part of it only.
    for name in sorted(names, key=lambda name: name.count(".")):
        here, (*path, last) = tree, name.split(".")
        for part in path:
            if part in here and not here[part]:
                break
            here = here.setdefault(part, {})
        else:
            here.setdefault(last, {})
    return tree


def _prune(row: Any, tree: dict[str, Any]) -> None:
    _keep(row.fields, tree)
    for name, inner in tree.items():
        if inner and name in row.fields:
            member = row.fields[name]
            _prune(getattr(member, "child", member), inner)


def _keep(fields: Any, names: Iterable[str]) -> None:
    wanted = set(names)
    for name in list(fields):
        if name not in wanted:
            del fields[name]
