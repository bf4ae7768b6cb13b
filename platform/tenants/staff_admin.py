"""The base of every page of the staff's admin: reads across merchants, writes through commands only."""

import re
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.forms import PaginationInlineFormSet
from unfold.paginator import InfinitePaginator

from tenants.errors import DomainError
from tenants.staff_access import (
    STAFF,
    is_staff,
    label_of,
    name_of,
    record_list,
    record_view,
    scope_of,
    staff_actor,
)
from tenants.staff_commands import StaffCommand

BY_MERCHANT = ("merchant", AutocompleteSelectFilter)
_PUBLIC_ID = re.compile(r"[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}")


class ReadsAsStaff:
    """Rows of all merchants for staff and nobody else; nothing is added, changed or deleted here."""

    model: Any

    def get_queryset(self, request: HttpRequest) -> Any:
        ordering = self.get_ordering(request)  # type: ignore[attr-defined]
        rows = self.model._base_manager.using(STAFF)
        return rows.order_by(*ordering) if ordering else rows.all()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaffFormSet(PaginationInlineFormSet):  # type: ignore[misc]  # untyped base
    """The hidden field of a row's key is a choice among the model's rows, hence the scope."""

    def add_fields(self, form: Any, index: int | None) -> None:
        with scope_of(self.instance):
            super().add_fields(form, index)


class StaffInline(ReadsAsStaff, TabularInline):  # type: ignore[misc]  # untyped base
    """Rows below another one's page."""

    formset = StaffFormSet
    extra = 0
    per_page = 50
    show_change_link = True
    hide_title = True


class StaffModelAdmin(ReadsAsStaff, ModelAdmin):  # type: ignore[misc]  # untyped base
    """A list and a page for each row. commands: what may be done there; adding: how one is made."""

    actions = None
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    ordering: Any = ("-pk",)
    fields: Any = ()
    commands: ClassVar[tuple[StaffCommand, ...]] = ()
    adding: ClassVar[StaffCommand | None] = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.adding is not None and is_staff(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """A public id finds its row, or the rows of its merchant; words are searched for."""
        term = search_term.strip()
        if _PUBLIC_ID.fullmatch(term) and "public_id" in self.fields:
            return queryset.filter(**{self._public_id_field(term): term}), False
        found: tuple[Any, bool] = super().get_search_results(request, queryset, search_term)
        return found

    def _public_id_field(self, term: str) -> str:
        is_of_merchant = term.startswith("mer_") and "merchant" in self.fields
        return "merchant__public_id" if is_of_merchant else "public_id"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if self.has_view_permission(request):
            record_list(request, label_of(self.model))
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        shown = self._shown(request, object_id) if object_id else None
        if shown is not None:
            record_view(request, shown)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What was done to this row, in the audit log."""
        shown = self._shown(request, unquote(object_id))
        if shown is None:
            return self._gone(request, object_id)
        return redirect(
            reverse(f"{self.admin_site.name}:tenants_auditentry_changelist")
            + f"?target={name_of(shown)}"
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        if self.adding is None:
            raise PermissionDenied
        return self._page_of(self.adding, request, None)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        context["actions_detail"] = self._buttons(request, kwargs.get("obj"))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.command_view)
        route = path("<path:object_id>/do/<slug:command>/", view, name=self._url_name("do"))
        return [route, *super().get_urls()]

    @transaction.non_atomic_requests
    def command_view(self, request: HttpRequest, object_id: str, command: str) -> HttpResponse:
        found = next((c for c in self.commands if c.name == command), None)
        shown = self._shown(request, unquote(object_id))
        if found is None or shown is None:
            return self._gone(request, object_id)
        return self._page_of(found, request, shown)

    def _page_of(self, command: StaffCommand, request: HttpRequest, shown: Any) -> HttpResponse:
        if not (is_staff(request) and command.may(request.user, shown)):
            raise PermissionDenied
        view = require_http_methods(["GET", "POST"])(self._answer)
        return view(request, command, shown)

    def _answer(self, request: HttpRequest, command: StaffCommand, shown: Any) -> HttpResponse:
        data = request.POST if request.method == "POST" else None
        form = command.form(data, initial={} if shown is None else command.initial(shown))
        if form.is_valid():
            try:
                sentence = command.carry_out(shown, form.cleaned_data, staff_actor(request))
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, sentence)
                return redirect(self._address_after(command, shown))
        if shown is None:
            record_list(request, label_of(self.model))
        else:
            record_view(request, shown)
        return self._render_command(request, command, shown, form)

    def _render_command(
        self, request: HttpRequest, command: StaffCommand, shown: Any, form: Any
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": command.title,
            "subtitle": shown,
            "opts": self.opts,
            "original": shown,
            "command": command,
            "form": form,
            "close_url": self._address(shown),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/copydesk/command.html", context, status=status)

    def _buttons(self, request: HttpRequest, shown: Any) -> list[dict[str, Any]]:
        offered = [c for c in self.commands if shown and c.may(request.user, shown)]
        return [
            {
                "title": command.title,
                "icon": command.icon,
                "variant": command.variant,
                "attrs": {},
                "path": reverse(
                    f"{self.admin_site.name}:{self._url_name('do')}", args=[shown.pk, command.name]
                ),
            }
            for command in offered
        ]

    def _shown(self, request: HttpRequest, object_id: str) -> Any:
        found: Any = self.get_object(request, object_id) if is_staff(request) else None
        return found

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        answer: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return answer

    def _address(self, shown: models.Model | None) -> str:
        page, args = ("changelist", []) if shown is None else ("change", [shown.pk])
        return reverse(f"{self.admin_site.name}:{self._url_name(page)}", args=args)

    def _address_after(self, command: StaffCommand, shown: Any) -> str:
        return self._address(None if command.leads_to_list else shown)

    def _url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"


class BigTableAdmin(StaffModelAdmin):
    """Of tables that are never counted or sorted as a whole: the newest first, page by page."""

    paginator = InfinitePaginator
    sortable_by = ()
    search_help_text = _("A public id, or the beginning of a word.")
