"""Backends by name; a module is imported when its backend is built, never before."""

from importlib import import_module
from typing import cast

from generation.engine.backends.base import Backend

_CLASSES = {
    "echo": "generation.engine.backends.echo:EchoBackend",
    "openai": "generation.engine.backends.openai:OpenAIBackend",
    "transformers": "generation.engine.backends.transformers:TransformersBackend",
}


def backend_names() -> tuple[str, ...]:
    """The names that `get_backend` knows, sorted."""
    return tuple(sorted(_CLASSES))


def get_backend(name: str, **options: object) -> Backend:
    """A fresh, unloaded backend; options are the keyword arguments of its class.

    Raises ValueError for a name that no backend has, TypeError for an unknown option.
    """
    try:
        module_name, class_name = _CLASSES[name].split(":")
    except KeyError:
        raise ValueError(f"No backend is called {name!r}; known: {backend_names()}.") from None
    backend_class = getattr(import_module(module_name), class_name)
    return cast(Backend, backend_class(**options))
