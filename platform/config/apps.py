from importlib import import_module

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """Makes the Celery application known to every process, so that the web can send what workers do."""

    name = "config"

    def ready(self) -> None:
        import_module("config.celery")
