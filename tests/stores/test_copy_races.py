"""Two people at the same text at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, transaction

from stores.models import CopyVersion, Product
from stores.services.copy import add_draft, approve_copy, publish_approved, reject_copy
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tenants.scope import merchant_scope


@pytest.fixture
def together(transactional_db, merchant):
    """A function: runs each of the functions in a thread and a transaction of its own, at once."""

    def run(*functions):
        barrier = Barrier(len(functions))

        def one(function):
            try:
                with merchant_scope(merchant.pk), transaction.atomic():
                    barrier.wait(timeout=10)
                    return function()
            except DomainError as error:
                return error.code
            finally:
                connection.close()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(one, functions))

    return run


@pytest.fixture
def in_shop(transactional_db, merchant):
    def run(function):
        with merchant_scope(merchant.pk), transaction.atomic():
            return function()

    return run


def draft(product, source="human"):
    return add_draft(
        product=product,
        field="description",
        locale="en",
        text="<p>A mug.</p>",
        source=source,
        actor=SYSTEM,
    )


def test_numbers_of_versions_made_at_once_do_not_collide(together, in_shop):
    mug = in_shop(lambda: Product.objects.create(handle="mug", title="Mug"))
    made = together(*[lambda: draft(mug).number] * 4)
    assert sorted(made) == [1, 2, 3, 4]


def test_of_two_decisions_at_once_one_counts_and_the_other_is_told(together, in_shop):
    version = in_shop(lambda: draft(Product.objects.create(handle="mug", title="Mug")))
    results = together(
        lambda: approve_copy(version=version, actor=SYSTEM).state,
        lambda: reject_copy(version=version, reason="Dull", actor=SYSTEM).state,
    )
    assert "copy_already_reviewed" in results
    decided = next(result for result in results if result != "copy_already_reviewed")
    assert in_shop(lambda: CopyVersion.objects.get().state) == decided


def test_of_two_who_publish_the_same_texts_the_second_leaves_them_alone(together, in_shop):
    def approved():
        for handle in ("mug", "pot"):
            product = Product.objects.create(handle=handle, title=handle)
            approve_copy(version=draft(product), actor=SYSTEM)

    first_is_through = Event()

    def first():
        published = publish_approved(products=Product.objects.all(), actor=SYSTEM)
        first_is_through.set()
        sleep(0.5)  # the second waits for the slots, its look at what is approved behind it
        return published

    def second():
        first_is_through.wait(timeout=10)
        return publish_approved(products=Product.objects.all(), actor=SYSTEM)

    in_shop(approved)
    assert together(first, second) == [2, 0]
    columns = ("state", "slot__product__copy_state")
    shown = in_shop(lambda: set(CopyVersion.objects.values_list(*columns)))
    assert shown == {("published", "human")}
