"""HTML attributes from keyword arguments of a template tag."""

from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from web.http import safe_link

LINK_ATTRIBUTES = frozenset({"href", "src", "action", "formaction"})


def attributes(values: dict[str, object]) -> SafeString:
    """Return ` name="value"` pairs, escaped; `hx_get` becomes `hx-get`, `class_` `class`.

    None and False leave an attribute out, True writes its bare name. Raises ValueError
    for what the content security policy forbids: event handlers and inline styles.
    """
    html: dict[str, object] = {}
    for key, value in values.items():
        name = key.rstrip("_").replace("_", "-")
        if name.startswith(("on", "hx-on")) or name == "style":
            raise ValueError(f"attribute {name!r} is forbidden by the content security policy")
        if value is None or value is False:
            continue
        html[name] = safe_link(value) if name in LINK_ATTRIBUTES else value
    return flatatt(html)
