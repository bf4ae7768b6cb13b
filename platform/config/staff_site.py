"""The site of the staff's process: who may enter, its start page, and what is written down of it."""

from typing import Any

from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from config.staff_figures import start_figures
from config.staff_login import StaffLoginForm
from tenants.audit import record
from tenants.models import AuditEntry
from tenants.staff_access import STAFF, name_of, record_list, staff_actor
from tenants.staff_admin import StaffModelAdmin

_MOST_SHOWN = 12


class ChoiceView(AutocompleteJsonView):
    """Choices with their public ids: two shops may have the same name."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        return {**result, "text": f"{obj} ({name_of(obj)})"}


class StaffAdminSite(UnfoldAdminSite):  # type: ignore[misc]  # untyped base
    """Every page that shows anything of a merchant leaves an entry in the audit log."""

    login_form = StaffLoginForm
    index_template = "admin/copydesk/start.html"
    index_title = _("Start")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of ours: those that other apps bring would write nothing down."""
        if admin_class is not None and issubclass(admin_class, StaffModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        record_list(request, "start")
        latest = AuditEntry.objects.using(STAFF).filter(actor_kind="staff")
        latest = latest.exclude(action__startswith="staff.").select_related("merchant")
        context = {
            "figures": start_figures(),
            "changes": latest.order_by("-pk")[:_MOST_SHOWN],
            **(extra_context or {}),
        }
        return super().index(request, context)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        record_list(request, "autocomplete")
        return ChoiceView.as_view(admin_site=self)(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().login(request, extra_context)
        if request.method == "POST" and self.has_permission(request):
            record("staff.signed_in", actor=staff_actor(request), using=STAFF)
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response: HttpResponse = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            record("user.password_changed", actor=staff_actor(request))
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return {**context, "dashboard_url": settings.BASE_URL}
