from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from web.htmx import fragment_or_page
from web.styleguide import GuideForm, guide_context


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    numbers = Paginator(range(1, 313), 20)
    context = guide_context() | {
        "form": GuideForm(),
        "invalid_form": GuideForm(data={"title": "", "language": "xx"}, prefix="invalid"),
        "dialog_form": GuideForm(prefix="dialog"),
        "affix_form": GuideForm(prefix="affix"),
        "page": numbers.get_page(request.GET.get("page")),
        "page_name": _("Style guide"),
    }
    return fragment_or_page(request, "web/styleguide.html", context, partial="guide-table")
