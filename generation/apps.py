from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Generation")

    def ready(self) -> None:
        import_module("generation.api.problems")  # it registers the codes of this app's rules
