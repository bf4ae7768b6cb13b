"""Runs, the queue and the models of all merchants: for platform staff."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from generation.endpoints import delete_endpoint, probe_endpoint, save_platform_model
from generation.engine.errors import BackendError
from generation.failures import failure_words
from generation.models import (
    Candidate,
    GenerationRequest,
    GenerationRun,
    InferenceWorker,
    MerchantEndpoint,
    PlatformModel,
    QueueTurn,
)
from generation.services import cancel_run, retry_failed
from tenants.audit import record
from tenants.errors import DomainError
from tenants.staff_admin import BY_MERCHANT, BigTableAdmin, StaffInline, StaffModelAdmin
from tenants.staff_commands import Order, StaffCommand


def _cancel(order: Order) -> None:
    cancel_run(run=order.subject, actor=order.actor)


def _retry(order: Order) -> str:
    n_again = retry_failed(run=order.subject, actor=order.actor)
    return ngettext(
        "%(n)s request waits in the queue again.",
        "%(n)s requests wait in the queue again.",
        n_again,
    ) % {"n": n_again}


def _is_running(user: Any, run: GenerationRun) -> bool:
    return run.state == GenerationRun.State.RUNNING


def _has_failures(user: Any, run: GenerationRun) -> bool:
    return run.n_failed > 0 and run.state != GenerationRun.State.CANCELLED


@admin.register(GenerationRun)
class GenerationRunAdmin(StaffModelAdmin):
    fields = (
        "public_id", "merchant", "field", "brief", "n_candidates", "seed", "model", "lane", "state",
        "n_total", "n_succeeded", "n_failed", "n_cancelled", "n_prompt_tokens",
        "n_completion_tokens", "seconds", "created_by", "created_at", "finished_at",
    )  # fmt: skip
    list_display = (
        "public_id", "merchant", "state", "lane", "model",
        "n_total", "n_succeeded", "n_failed", "created_at",
    )  # fmt: skip
    list_filter = (BY_MERCHANT, ("state", ChoicesDropdownFilter), ("lane", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    search_fields = ("merchant__name__istartswith",)
    date_hierarchy = "created_at"
    commands = (
        StaffCommand(
            "retry",
            _("Retry what failed"),
            _retry,
            "",
            may=_has_failures,
            button=_("Retry"),
            icon="replay",
        ),
        StaffCommand(
            "cancel",
            _("Cancel the run"),
            _cancel,
            _("The run is cancelled."),
            text=_("Requests that wait are cancelled; texts that are written already stay."),
            may=_is_running,
            button=_("Cancel the run"),
            icon="cancel",
            is_dangerous=True,
        ),
    )


class CandidateInline(StaffInline):
    model = Candidate
    fields = ("public_id", "index", "finish_reason", "is_usable", "n_completion_tokens")
    readonly_fields = fields


@admin.register(GenerationRequest)
class GenerationRequestAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "run", "product", "lane", "model", "state", "attempts", "crashes",
        "is_cancel_requested", "worker", "fence", "error_code", "error", "prompt",
        "n_prompt_tokens", "n_completion_tokens", "seconds",
        "created_at", "available_at", "claimed_at", "generated_at", "finished_at",
    )  # fmt: skip
    list_display = (
        "public_id", "merchant", "run", "state", "lane", "model", "attempts", "error_code",
        "created_at",
    )  # fmt: skip
    list_filter = (BY_MERCHANT, ("state", ChoicesDropdownFilter), ("lane", ChoicesDropdownFilter))
    list_select_related = ("merchant", "run")
    search_fields = ("error_code__startswith",)
    search_help_text = _("A public id, also of a run, or the beginning of an error's code.")
    inlines = (CandidateInline,)

    def _public_id_field(self, term: str) -> str:
        return "run__public_id" if term.startswith("run_") else super()._public_id_field(term)


@admin.register(Candidate)
class CandidateAdmin(BigTableAdmin):
    fields = (
        "public_id", "merchant", "request", "index", "text", "raw", "finish_reason",
        "mean_logprob", "n_completion_tokens", "is_usable", "findings", "created_at",
    )  # fmt: skip
    list_display = (
        "public_id", "merchant", "request", "index", "finish_reason", "is_usable", "created_at",
    )  # fmt: skip
    list_filter = (BY_MERCHANT, "is_usable")
    list_select_related = ("merchant", "request")
    search_fields = ("finish_reason__startswith",)
    search_help_text = _("A public id, also of a request.")

    def _public_id_field(self, term: str) -> str:
        return "request__public_id" if term.startswith("req_") else super()._public_id_field(term)


@admin.register(InferenceWorker)
class InferenceWorkerAdmin(StaffModelAdmin):
    fields = (
        "host", "pid", "fence", "state", "model", "revision", "device", "error_code", "error",
        "started_at", "lease_expires_at",
    )  # fmt: skip
    list_display = (
        "host", "pid", "state", "model", "device", "started_at", "lease_expires_at", "error_code",
    )  # fmt: skip
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("host__istartswith", "model__istartswith")
    search_help_text = _("The beginning of a host's or a model's name.")


@admin.register(QueueTurn)
class QueueTurnAdmin(StaffModelAdmin):
    fields = ("merchant", "lane", "model", "weight", "virtual_time", "woken_at")
    list_display = ("merchant", "lane", "model", "weight", "virtual_time", "woken_at")
    list_filter = (BY_MERCHANT, ("lane", ChoicesDropdownFilter))
    list_select_related = ("merchant",)
    ordering = ("lane", "virtual_time")


@admin.register(MerchantEndpoint)
class MerchantEndpointAdmin(StaffModelAdmin):
    fields = (
        "public_id", "merchant", "name", "base_url", "model", "max_concurrency", "is_active",
        "created_at",
    )  # fmt: skip
    list_display = ("name", "merchant", "base_url", "model", "is_active", "created_at")
    list_filter = (BY_MERCHANT, "is_active")
    list_select_related = ("merchant",)
    search_fields = ("name__istartswith", "base_url")


class ServerAddressField(forms.CharField):
    """An http address; unlike Django's, also of a host without dots, as in a container network."""

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        try:
            parts = urlsplit(address)
            is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
            is_valid = is_valid and not parts.username and parts.port != 0
        except ValueError:
            is_valid = False
        if not is_valid:
            raise forms.ValidationError(_("Enter an address that begins with http:// or https://."))
        return address


class PlatformModelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, widget=UnfoldAdminTextInputWidget)
    base_url = ServerAddressField(
        label=_("Address"),
        max_length=500,
        help_text=_("Up to and including the version. It may stand on a private host."),
        widget=UnfoldAdminURLInputWidget,
    )
    model = forms.CharField(
        label=_("Model"),
        max_length=200,
        help_text=_("As the server names it, such as qwen2.5:7b or gpt-4.1-mini."),
        widget=UnfoldAdminTextInputWidget,
    )
    api_key = forms.CharField(
        label=_("API key"),
        max_length=500,
        required=False,
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the stored key."),
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )
    max_concurrency = forms.IntegerField(
        label=_("Calls at once"),
        min_value=1,
        max_value=64,
        initial=4,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    is_active = forms.BooleanField(
        label=_("Active"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )


def _model_fields(model: PlatformModel) -> dict[str, Any]:
    names = [name for name in PlatformModelForm.base_fields if name != "api_key"]
    return {name: getattr(model, name) for name in names}


def _save_model(order: Order) -> None:
    fields = dict(order.data)
    api_key = fields.pop("api_key") or None
    save_platform_model(model=order.subject, fields=fields, api_key=api_key, actor=order.actor)


def _delete_model(order: Order) -> None:
    delete_endpoint(endpoint=order.subject, actor=order.actor)


def _test_model(order: Order) -> str:
    record("endpoint.tested", actor=order.actor, target=order.subject.public_id)
    try:
        report = probe_endpoint(order.subject)
    except BackendError as error:
        raise DomainError(
            error.code, failure_words(error.code, error.message), status=422
        ) from error
    return gettext("The model answered after %(seconds).1f s.") % {
        "seconds": report.latency_seconds
    }


@admin.register(PlatformModel)
class PlatformModelAdmin(StaffModelAdmin):
    fields = (
        "public_id", "name", "base_url", "model", "max_concurrency", "is_active", "created_at",
    )  # fmt: skip
    list_display = ("name", "base_url", "model", "max_concurrency", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "base_url", "model")
    adding = StaffCommand("add", _("Add a model"), _save_model, _("Saved."), form=PlatformModelForm)
    commands = (
        StaffCommand(
            "test",
            _("Test"),
            _test_model,
            "",
            text=_("Asks the server for one word. This may take up to 20 seconds."),
            button=_("Test"),
            icon="network_check",
            is_atomic=False,
        ),
        StaffCommand(
            "change",
            _("Change"),
            _save_model,
            _("Saved."),
            form=PlatformModelForm,
            initial=_model_fields,
        ),
        StaffCommand(
            "delete",
            _("Delete"),
            _delete_model,
            _("The model is deleted."),
            text=_("Requests that still wait for this model will fail."),
            button=_("Delete"),
            icon="delete",
            is_dangerous=True,
            leads_to_list=True,
        ),
    )
