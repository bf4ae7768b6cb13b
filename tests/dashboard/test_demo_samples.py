import pytest

from dashboard.demo.samples import add_samples
from stores.models import CopyVersion, Product
from tenants.scope import merchant_scope


@pytest.fixture
def kettle(merchant):
    with merchant_scope(merchant.pk):
        yield Product.objects.create(handle="gooseneck-kettle", title="Gooseneck Electric Kettle")


def test_samples_wait_for_review_and_say_what_they_are(kettle):
    assert add_samples("hearthside") == 2
    samples = CopyVersion.objects.filter(slot__product=kettle).order_by("number")
    assert [(s.state, s.source, s.is_sample) for s in samples] == [("draft", "human", True)] * 2
    assert "the attribute says 24 months" in samples[0].provenance["note"]


def test_adding_samples_again_adds_none(kettle):
    add_samples("hearthside")
    assert add_samples("hearthside") == 0


def test_samples_of_another_shop_stay_away(kettle):
    assert add_samples("qinghe") == 0
    assert CopyVersion.objects.count() == 0
