from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from api.openapi_examples import register_examples


class StoresConfig(AppConfig):
    name = "stores"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        import_module("stores.api.problems")  # it registers the codes of this app's rules
        register_examples(Path(self.path) / "api")
