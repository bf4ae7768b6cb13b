"""Two people who make or move products at the same moment."""

from threading import Event
from time import sleep

from stores.models import Product
from stores.services.products import create_product, update_product
from tenants.actor import SYSTEM
from tests.stores.test_copy_races import in_shop, together  # noqa: F401


def make(**values):
    return create_product(title="Mug", actor=SYSTEM, **values)


def one_after_the_other(together, first, second):  # noqa: F811
    """What the functions give; the second begins while the first has not committed."""
    is_written = Event()

    def slow():
        given = first().handle
        is_written.set()
        sleep(0.5)  # the second is at the lock by then, its look at the handles behind it
        return given

    def quick():
        is_written.wait(timeout=10)
        return second().handle

    return together(slow, quick)


def vendors(in_shop):  # noqa: F811
    return in_shop(lambda: dict(Product.objects.values_list("handle", "vendor")))


def test_of_two_products_with_one_handle_the_second_is_told(together, in_shop):  # noqa: F811
    results = one_after_the_other(
        *(together, lambda: make(handle="mug", vendor="A"), lambda: make(handle="mug", vendor="B"))
    )
    assert (results, vendors(in_shop)) == (["mug", "handle_taken"], {"mug": "A"})


def test_of_two_products_with_one_title_the_second_gets_the_next_handle(together, in_shop):  # noqa: F811
    results = one_after_the_other(together, lambda: make(vendor="A"), lambda: make(vendor="B"))
    assert (results, vendors(in_shop)) == (["mug", "mug-2"], {"mug": "A", "mug-2": "B"})


def test_a_handle_that_a_product_is_moved_to_is_taken_at_once(together, in_shop):  # noqa: F811
    pot = in_shop(lambda: make(handle="pot", vendor="A"))
    results = one_after_the_other(
        together,
        lambda: update_product(product=pot, actor=SYSTEM, handle="mug"),
        lambda: make(handle="mug", vendor="B"),
    )
    assert (results, vendors(in_shop)) == (["mug", "handle_taken"], {"mug": "A"})
