import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from stores.models import Product, Sku
from tenants.guard import open_locks
from tenants.models import AuditEntry, Merchant
from tenants.scope import ScopeError, merchant_scope
from tests.conftest import acting_as


def product_of(merchant, handle="mug"):
    with merchant_scope(merchant.pk), transaction.atomic():
        return Product.objects.create(handle=handle, title=handle.title())


def test_tests_run_as_the_unprivileged_role_app(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname=current_user"
        )
        assert cursor.fetchone() == ("copydesk_app", False)


def test_nothing_stands_open(db):
    assert open_locks() == []


def test_a_scope_sees_only_its_own_rows(merchant, other_merchant):
    mine, theirs = product_of(merchant), product_of(other_merchant)
    with merchant_scope(merchant.pk):
        assert list(Product.objects.all()) == [mine]
        assert list(Product._base_manager.all()) == [mine]
        assert not Product._base_manager.filter(pk=theirs.pk).exists()


def test_nothing_is_left_of_a_scope_after_it(merchant):
    product_of(merchant)
    assert Product._base_manager.count() == 0


def test_scopes_nest_and_the_outer_one_comes_back(merchant, other_merchant):
    mine, theirs = product_of(merchant), product_of(other_merchant)
    with merchant_scope(merchant.pk):
        with merchant_scope(other_merchant.pk):
            assert list(Product._base_manager.all()) == [theirs]
        assert list(Product._base_manager.all()) == [mine]


def test_a_rolled_back_savepoint_keeps_the_scope(merchant):
    mine = product_of(merchant)
    with transaction.atomic():
        with pytest.raises(IntegrityError), merchant_scope(merchant.pk), transaction.atomic():
            Product.objects.create(handle="mug", title="Again")
        assert Product._base_manager.count() == 0
        with merchant_scope(merchant.pk):
            assert list(Product.objects.all()) == [mine]


def test_a_row_of_another_merchant_is_refused(merchant, other_merchant):
    with pytest.raises(ProgrammingError, match="row-level security"):
        with merchant_scope(merchant.pk), transaction.atomic():
            Product.objects.create(merchant=other_merchant, handle="x", title="X")


def test_a_foreign_key_cannot_point_at_another_merchants_row(merchant, other_merchant):
    theirs = product_of(other_merchant)
    with (
        pytest.raises(IntegrityError, match="same_merchant"),
        merchant_scope(merchant.pk),
        transaction.atomic(),
    ):
        Sku.objects.create(product_id=theirs.pk, currency="EUR", position=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_outside_a_scope_the_manager_raises(db):
    with pytest.raises(ScopeError):
        Product.objects.all()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_a_query_raises():
    merchant = Merchant.objects.create(name="Hearthside")
    product_of(merchant)
    with merchant_scope(merchant.pk):
        with pytest.raises(ScopeError):
            list(Product.objects.all())
        with pytest.raises(ScopeError):
            Product.objects.count()
        with transaction.atomic():
            assert Product.objects.count() == 1


def test_a_merchant_changes_only_itself(merchant, other_merchant):
    with merchant_scope(merchant.pk):
        Merchant.objects.filter(pk=merchant.pk).update(name="New")
        Merchant.objects.filter(pk=other_merchant.pk).update(name="Stolen")
    names = set(Merchant.objects.values_list("name", flat=True))
    assert names == {"New", "青禾生活"}


def test_the_audit_log_is_append_only(in_scope):
    entry = AuditEntry.objects.create(
        merchant=in_scope, actor_kind="system", actor="x", action="a.b"
    )
    for change in (entry.delete, lambda: AuditEntry.objects.update(actor="y")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


DISPATCHERS = """
SELECT proname, has_function_privilege('copydesk_app', p.oid, 'EXECUTE'),
       has_function_privilege('copydesk_worker', p.oid, 'EXECUTE'), prosecdef
FROM pg_proc p WHERE proowner = 'copydesk_dispatcher'::regrole
"""


def test_only_workers_execute_the_dispatchers_functions(db):
    with connection.cursor() as cursor:
        cursor.execute(DISPATCHERS)
        functions = {name: rights for name, *rights in cursor.fetchall()}
    for name in ("claim_requests", "renew_leases", "reap_expired", "lane_figures"):
        assert functions[name] == [False, True, True]
    assert [is_apps for is_apps, *_ in functions.values()] == [False] * len(functions)


def test_app_is_refused_when_it_tries(db):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM lane_figures()")


def test_the_dispatcher_cannot_read_a_prompt_or_a_text(db):
    for table, column in (
        ("generation_generationrequest", "prompt"),
        ("generation_generationrun", "brief"),
        ("generation_candidate", "text"),
        ("stores_product", "title"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            with acting_as("dispatcher"), connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table}")


def test_staff_reads_every_merchant_and_writes_nothing(merchant, other_merchant):
    product_of(merchant)
    product_of(other_merchant)
    with transaction.atomic(), acting_as("staff"):
        assert Product._base_manager.count() == 2
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        acting_as("staff"),
    ):
        Product._base_manager.update(title="x")


def test_the_merchants_process_has_no_staff_alias():
    import os
    import subprocess
    import sys

    code = "from django.conf import settings; print(sorted(settings.DATABASES))"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.web",
            "PYTHONPATH": "platform:.",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "['default']"
