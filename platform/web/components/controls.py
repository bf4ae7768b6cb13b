"""Buttons, menus, dialogs and other things one can press."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from web.components.attributes import attributes

VARIANTS = frozenset({"primary", "secondary", "ghost", "danger", "link"})


def button(
    label: object = "",
    *,
    variant: str = "secondary",
    href: str | None = None,
    icon: str = "",
    icon_after: str = "",
    size: str = "md",
    type: str = "button",
    confirm: object = None,
    shortcut: str | None = None,
    hide_label: bool = False,
    class_: str = "",
    **extra: Any,
) -> dict[str, Any]:
    """A button, or a link that looks like one when it has an href.

    confirm: question asked before a form is sent or an htmx request is made.
    shortcut: keys that press it, shown in its tooltip and on the help sheet.
    hide_label: an icon button; the label stays for screen readers and the tooltip.
    """
    if hide_label:
        extra.setdefault("title", label)
    if confirm:
        extra["hx_confirm" if _is_htmx(extra) else "data_confirm"] = confirm
    if shortcut:
        extra |= {"data_shortcut": shortcut, "aria_keyshortcuts": shortcut}
    own = {"href": href} if href is not None else {"type": type}
    return {
        "label": label,
        "icon": icon,
        "icon_after": icon_after,
        "hide_label": hide_label,
        "is_link": href is not None,
        "shortcut": shortcut,
        "classes": _classes(variant, size, hide_label, class_),
        "attributes": attributes(own | extra),
    }


def menu(content: str, label: object = "", **options: Any) -> SafeString:
    """A button that opens a list; its items are `{% menu_item %}`s or any markup."""
    context = {"content": content, "label": label, "icon": "", "align": "end", "size": "md"}
    return render_to_string("components/menu.html", context | options)


def menu_item(
    label: object, *, href: str | None = None, icon: str = "", tone: str = "", **extra: Any
) -> dict[str, Any]:
    """One line of a menu: a link with an href, otherwise a button."""
    confirm = extra.pop("confirm", None)
    if confirm:
        extra["hx_confirm" if _is_htmx(extra) else "data_confirm"] = confirm
    own = {"href": href} if href is not None else {"type": extra.pop("type", "button")}
    return {
        "label": label,
        "icon": icon,
        "tone": tone,
        "is_link": href is not None,
        "attributes": attributes(own | extra),
    }


def dialog(content: str, id: str, title: object, **options: Any) -> SafeString:
    """A modal dialog, opened by `data-dialog-open="its id"` and closed by Escape."""
    context = {"content": content, "id": id, "title": title, "size": "md", "description": ""}
    return render_to_string("components/dialog.html", context | options)


def tabs(items: list[dict[str, Any]], label: object = "") -> dict[str, Any]:
    """Links between sister pages: each with label, url, is_current and maybe count, icon."""
    return {"items": items, "label": label}


def copy_button(text: object, label: object = "") -> dict[str, Any]:
    """A button that puts the text on the clipboard."""
    return {"text": text, "label": label}


def code_block(text: object, language: str = "", title: object = "") -> dict[str, Any]:
    """Preformatted text with a copy button."""
    return {"text": text, "language": language, "title": title}


def _classes(variant: str, size: str, hide_label: bool, class_: str) -> str:
    if variant not in VARIANTS:
        raise ValueError(f"unknown button variant {variant!r}")
    names = ["button", f"button-{variant}", f"button-{size}", "button-icon" if hide_label else ""]
    return " ".join([n for n in names if n] + ([class_] if class_ else []))


def _is_htmx(extra: dict[str, Any]) -> bool:
    return any(f"hx_{verb}" in extra for verb in ("get", "post", "put", "patch", "delete"))
