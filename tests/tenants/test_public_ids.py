import uuid

import pytest

from tenants.fields import decode, encode, uuid7
from tenants.models import Merchant


def test_vectors_of_the_typeid_specification():
    # spec/valid.yml of TypeID 0.3: nil, and "valid-uuidv7".
    assert encode("prefix", uuid.UUID(int=0)) == "prefix_00000000000000000000000000"
    value = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert encode("prefix", value) == "prefix_01h455vb4pex5vsknk084sn02q"
    assert decode("prefix", "prefix_01h455vb4pex5vsknk084sn02q") == value


def test_uuid7_has_its_version_its_variant_and_grows():
    values = [uuid7() for _ in range(3)]
    assert [v.version for v in values] == [7, 7, 7]
    assert {v.variant for v in values} == {uuid.RFC_4122}
    assert uuid7().int >> 80 >= values[0].int >> 80


@pytest.mark.parametrize(
    "text",
    ["", "mer", "mer_", "prd_01h455vb4pex5vsknk084sn02q", "mer_81h455vb4pex5vsknk084sn02q",
     "mer_01h455vb4pex5vsknk084sn02", "mer_01h455vb4pex5vsknk084sn0il", "mer_01H455VB4PEX5VSKNK084SN02Q"],
)  # fmt: skip
def test_a_malformed_id_matches_no_row(db, text):
    Merchant.objects.create(name="x")
    assert not Merchant.objects.filter(public_id=text).exists()


def test_a_row_is_found_by_its_id(merchant):
    assert merchant.public_id.startswith("mer_")
    assert Merchant.objects.get(public_id=merchant.public_id) == merchant
