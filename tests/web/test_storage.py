import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "web.storage.StaticStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    return tmp_path


def test_scripts_import_each_other_by_hashed_names(collected):
    [app] = Path(collected, "js").glob("app.*.js")

    imported = re.findall(r'from "\./([\w.]+)"', app.read_text(encoding="utf-8"))

    source = Path(settings.ROOT, "static/js/app.js").read_text(encoding="utf-8")
    assert len(imported) == source.count("import {")
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imported)
    assert all(Path(collected, "js", name).exists() for name in imported)
