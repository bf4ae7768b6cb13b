from django.urls import reverse

from stores.models import CatalogueImport
from tenants.scope import merchant_scope
from tests.stores.files import content


def test_a_file_that_is_too_large_is_passed_over_and_named_as_the_reason(
    merchant, editor, signed_in, settings, tmp_path
):
    settings.MAX_IMPORT_BYTES = 1024 * 1024
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    path = tmp_path / "big.csv"
    path.write_bytes(content("Handle,Title\n" + "mug,Mug\n" * 400_000))
    url = reverse("stores:import_create", args=[merchant.public_id])
    with path.open("rb") as file:
        response = signed_in(editor).post(
            url, {"file": file, "locale": "en", "on_conflict": "keep"}
        )
    page = response.content.decode()
    assert response.status_code == 422
    assert "larger than 1 MB" in page
    assert "Choose a file first" not in page
    assert list(tmp_path.iterdir()) == [path]
    with merchant_scope(merchant.pk):
        assert CatalogueImport.objects.count() == 0
