"""What a person ticked in a table, or everything that the filter matches."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Selection:
    """Public ids that were ticked; `is_everything` means all rows of the current filter."""

    ids: tuple[str, ...]
    is_everything: bool

    @property
    def is_empty(self) -> bool:
        return not self.ids and not self.is_everything


def read_selection(request: HttpRequest) -> Selection:
    """Read the bulk bar's form: `selected` once per row, or `all_matching=1`.

    The filter itself travels in the form's action (request.GET), not in the body.
    """
    if request.POST.get("all_matching") == "1":
        return Selection(ids=(), is_everything=True)
    ids = dict.fromkeys(request.POST.getlist("selected"))
    return Selection(ids=tuple(ids), is_everything=False)
