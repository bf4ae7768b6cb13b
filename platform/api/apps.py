from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from api.openapi_examples import register_examples


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        register_examples(Path(self.path))
        import_module("api.openapi")  # drf-spectacular finds its extensions by their being imported
