from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from api.openapi_examples import register_examples


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Generation")

    def ready(self) -> None:
        import_module("generation.api.problems")  # it registers the codes of this app's rules
        register_examples(Path(self.path) / "api")
