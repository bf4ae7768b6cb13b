"""`{% load copydesk %}`: every component of the design system; docs/design-system.md."""

from django.template import Library

from web.components import basic, charts, content, controls, forms, tables
from web.diff import inline_diff
from web.http import safe_link

register = Library()

for tag in (
    basic.icon,
    basic.badge,
    basic.state_badge,
    basic.avatar,
    basic.kbd,
    basic.spinner,
    basic.skeleton,
    basic.when,
    basic.attrs,
    inline_diff,
    tables.select_row,
):
    register.simple_tag(tag)

for block in (
    controls.menu,
    controls.dialog,
    content.card,
    content.callout,
    content.empty_state,
    tables.bulk_bar,
):
    register.simple_block_tag(block)
register.simple_block_tag(tables.filter_bar, takes_context=True)

for inclusion in (
    controls.button,
    controls.menu_item,
    controls.tabs,
    controls.copy_button,
    controls.code_block,
    content.progress,
    content.share_bar,
    charts.day_chart,
    content.stat,
    content.description_list,
    content.checklist,
    content.breadcrumbs,
    content.stepper,
    content.diff_view,
    forms.field,
    forms.form_fields,
    forms.form_errors,
    tables.select_all,
):
    register.inclusion_tag(f"components/{inclusion.__name__}.html")(inclusion)

for listing in (
    tables.sort_header,
    tables.pagination,
    tables.cursor_pagination,
    tables.keyset_pagination,
    tables.filter_select,
):
    register.inclusion_tag(f"components/{listing.__name__}.html", takes_context=True)(listing)

register.simple_tag(tables.query_for, takes_context=True)
register.filter("inline_diff", inline_diff)
register.filter("safe_link", safe_link)
