"""The OpenAPI document: made once a process, in English, without a merchant."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document of every resource."""
    with translation.override("en"):
        generator: Any = SchemaGenerator
        made: dict[str, Any] = generator().get_schema(request=None, public=True)
        return made


@lru_cache(maxsize=2)
def rendered(format_name: str) -> tuple[bytes, str]:
    """The document as bytes and their content type. format_name: json or yaml."""
    renderer = OpenApiYamlRenderer() if format_name == "yaml" else OpenApiJsonRenderer()
    return renderer.render(document(), renderer_context={}), str(renderer.media_type)
