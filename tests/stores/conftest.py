import pytest


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    """Uploaded files stay in the test's own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                **settings.STORAGES["default"]["OPTIONS"],
                "location": tmp_path / "uploads",
            },
        },
    }
