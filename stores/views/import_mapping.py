"""Saying what the columns of a file mean, and the profiles that keep it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.forms.mapping import MappingForm, ProfileForm
from stores.importers.stored import unpack_options
from stores.models import CatalogueImport, MappingProfile
from stores.services.import_columns import columns_of
from stores.services.imports import reread_import
from stores.services.profiles import delete_profile, rename_profile, save_profile
from stores.views.imports import MAPPED, REREADABLE, import_url
from tenants.actor import user_actor
from tenants.errors import DomainError
from tenants.permissions import EVERYBODY, WRITERS, roles
from tenants.requests import MerchantRequest
from web.htmx import client_redirect, fragment_or_page

MAPPING = "stores/import_mapping.html"
PROFILES = "stores/profile_list.html"


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
@roles(WRITERS)
def import_mapping(request: MerchantRequest, catalogue_import: str) -> HttpResponse:
    """The file is looked at outside a transaction."""
    with transaction.atomic():
        found = get_object_or_404(CatalogueImport.objects, public_id=catalogue_import)
    columns = columns_of(found) if found.state in REREADABLE else []
    if not columns:
        messages.error(request, _("The columns of this import cannot be assigned now."))
        return client_redirect(request, import_url(request, found))
    options = unpack_options(found.options)
    data = (request.POST,) if request.method == "POST" else ()
    form = MappingForm(*data, columns=columns, mapping=options.mapping)
    if request.method == "POST" and form.is_valid():
        return _read(request, found, form)
    with transaction.atomic():
        context = {"import": found, "form": form, "n_columns": len(columns)}
        status = 422 if data else 200
        return fragment_or_page(request, MAPPING, context, partial="mapping", status=status)


def _read(request: MerchantRequest, found: CatalogueImport, form: MappingForm) -> HttpResponse:
    actor, name = user_actor(request.user), form.cleaned_data["profile"].strip()
    options = replace(unpack_options(found.options), format=MAPPED, mapping=form.mapping())
    try:
        with transaction.atomic():
            if name:
                header = [column.name for column in form.columns]
                save_profile(name=name, columns=header, options=options, actor=actor)
            reread_import(catalogue_import=found, options=options, actor=actor)
    except DomainError as error:
        messages.error(request, str(error.message))
    return client_redirect(request, import_url(request, found))


@require_GET
@roles(EVERYBODY)
def profile_list(request: MerchantRequest) -> HttpResponse:
    return _profiles(request)


@require_POST
@roles(WRITERS)
def profile_rename(request: MerchantRequest, profile: str) -> HttpResponse:
    found = get_object_or_404(MappingProfile.objects, public_id=profile)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profiles(request, found, form, status=422)
    try:
        name = form.cleaned_data["name"]
        rename_profile(profile=found, name=name, actor=user_actor(request.user))
    except DomainError as error:
        form.add_error("name", str(error.message))
        return _profiles(request, found, form, status=422)
    messages.success(request, _("Renamed."))
    return client_redirect(request, _profiles_url(request))


@require_POST
@roles(WRITERS)
def profile_delete(request: MerchantRequest, profile: str) -> HttpResponse:
    found = get_object_or_404(MappingProfile.objects, public_id=profile)
    delete_profile(profile=found, actor=user_actor(request.user))
    messages.success(request, _("Profile deleted. What it has read stays."))
    return client_redirect(request, _profiles_url(request))


def _profiles(
    request: MerchantRequest,
    sent: MappingProfile | None = None,
    form: ProfileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    profiles = MappingProfile.objects.select_related("created_by").annotate(
        n_imports=Count("imports")
    )
    rows: list[dict[str, Any]] = [
        {
            "profile": one,
            "n_columns": len(one.columns),
            "form": form
            if form and sent and one.pk == sent.pk
            else ProfileForm(initial={"name": one.name}, auto_id=f"id_{one.public_id}_%s"),
            "is_open": bool(form and sent and one.pk == sent.pk),
        }
        for one in profiles.order_by("name")
    ]
    return fragment_or_page(request, PROFILES, {"rows": rows}, status=status)


def _profiles_url(request: MerchantRequest) -> str:
    return reverse("stores:profile_list", args=[request.merchant.public_id])
