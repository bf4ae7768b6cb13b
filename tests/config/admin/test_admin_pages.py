from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, transaction
from django.urls import reverse

from generation.models import PlatformModel
from stores.models import Product
from tenants.models import AuditEntry

PAGES = [model._meta for model in admin.site._registry]


def _list_of(options: Any) -> str:
    return reverse(f"admin:{options.app_label}_{options.model_name}_changelist")


@pytest.fixture
def everything(catalogues: dict[str, Any], staff: Any) -> Any:
    PlatformModel.objects.create(name="Big", base_url="http://box/v1", model="big")
    return staff


@pytest.mark.parametrize("options", PAGES, ids=str)
def test_staff_open_every_list_and_leave_an_entry(everything: Any, entries: Any, options: Any):
    assert everything.get(_list_of(options)).status_code == 200
    assert [entry.target for entry in entries("staff.listed")] == [options.label_lower]
    assert entries("staff.listed")[0].actor == "staff@example.org"


@pytest.mark.parametrize("options", PAGES, ids=str)
def test_staff_open_every_row_and_leave_an_entry(everything: Any, entries: Any, options: Any):
    row = options.model._base_manager.using("staff").first()
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])

    response = everything.get(url)

    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    (entry,) = entries("staff.viewed")
    expected = row.pk if options.model_name == "merchant" else getattr(row, "merchant_id", None)
    assert entry.merchant_id == expected
    assert entry.target in {getattr(row, "public_id", ""), f"{options.label_lower} {row.pk}"}


def test_a_search_that_no_database_keeps_is_recorded_without_it(everything: Any, entries: Any):
    response = everything.get(reverse("admin:stores_product_changelist"), {"q": "mu\x00g"})

    assert response.status_code == 200
    assert entries("staff.listed")[0].details["filters"] == {"q": "mug"}


def test_a_list_holds_rows_of_all_merchants(everything: Any):
    page = everything.get(reverse("admin:stores_product_changelist")).content.decode()

    assert "Hearthside" in page
    assert "青禾生活" in page


def test_a_list_is_narrowed_to_one_merchant(everything: Any, merchant: Any, catalogues: Any):
    url = reverse("admin:stores_product_changelist")

    response = everything.get(url, {"merchant__id__exact": merchant.pk})

    assert [p.pk for p in response.context["cl"].result_list] == [
        catalogues["Hearthside"]["product"].pk
    ]


def test_a_public_id_finds_its_row(everything: Any, catalogues: Any):
    product = catalogues["青禾生活"]["product"]

    response = everything.get(reverse("admin:stores_product_changelist"), {"q": product.public_id})

    assert [p.pk for p in response.context["cl"].result_list] == [product.pk]


def test_a_merchants_public_id_finds_its_rows(everything: Any, merchant: Any, catalogues: Any):
    response = everything.get(
        reverse("admin:generation_generationrun_changelist"), {"q": merchant.public_id}
    )

    assert [r.pk for r in response.context["cl"].result_list] == [
        catalogues["Hearthside"]["run"].pk
    ]


def test_the_start_page_has_the_figures_of_all_merchants(everything: Any, entries: Any):
    figures = everything.get(reverse("admin:index")).context["figures"]

    assert figures.n_merchants == 2
    assert figures.n_failed == 2
    assert len(figures.workers) == 2
    assert [entry.target for entry in entries("staff.listed")] == ["start"]


def test_the_choice_of_a_merchant_is_searched_and_recorded(
    everything: Any, entries: Any, merchant: Any
):
    found = everything.get(
        reverse("admin:autocomplete"),
        {"term": "hearth", "app_label": "stores", "model_name": "product",
         "field_name": "merchant"},
    )  # fmt: skip

    assert [row["text"] for row in found.json()["results"]] == [
        f"Hearthside ({merchant.public_id})"
    ]
    assert entries("staff.listed")[0].details["filters"]["term"] == "hearth"


def test_history_is_the_audit_log_of_that_row(everything: Any, merchant: Any):
    url = reverse("admin:tenants_merchant_history", args=[merchant.pk])

    response = everything.get(url)

    assert response.url == f"/tenants/auditentry/?target={merchant.public_id}"
    assert everything.get(response.url).status_code == 200


def test_no_page_shows_a_hash(everything: Any, catalogues: Any):
    from tests.config.admin.rows import secret_of

    key = catalogues["Hearthside"]["key"]
    page = everything.get(reverse("admin:api_apikey_change", args=[key.pk])).content.decode()

    assert key.prefix in page
    assert secret_of(key) not in page
    assert "secret_hash" not in page


def test_the_role_staff_cannot_write_a_product(catalogues: Any):
    product = catalogues["Hearthside"]["product"]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic("staff"):
        Product._base_manager.using("staff").filter(pk=product.pk).update(title="Mine")

    assert Product._base_manager.using("staff").get(pk=product.pk).title == "Fjord mug"


def test_the_role_staff_cannot_rewrite_the_audit_log(everything: Any):
    everything.get(reverse("admin:index"))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic("staff"):
        AuditEntry.objects.using("staff").update(actor="nobody")
