"""The words for every code that an importer can report; they are looked up when a page is shown."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

MESSAGES: dict[str, str] = {
    # the file as a whole
    "file_empty": gettext_noop("The file is empty."),
    "no_products": gettext_noop("The file has a header but no products below it."),
    "file_is_xlsx": gettext_noop(
        "This is an Excel workbook. Save it as “CSV UTF-8 (comma delimited)” and upload that file."
    ),
    "file_is_xls": gettext_noop(
        "This is an old Excel workbook. Save it as “CSV UTF-8 (comma delimited)” and upload that"
        " file."
    ),
    "file_is_zip": gettext_noop("This is a ZIP archive. Unpack it and upload the CSV file inside."),
    "file_is_gzip": gettext_noop("This file is compressed. Unpack it and upload the CSV file."),
    "file_is_archive": gettext_noop(
        "This is an archive. Unpack it and upload the CSV file inside."
    ),
    "file_is_pdf": gettext_noop("This is a PDF document. Products are read from CSV files."),
    "file_is_image": gettext_noop("This is a picture. Products are read from CSV files."),
    "file_is_database": gettext_noop("This is a database. Products are read from CSV files."),
    "file_is_program": gettext_noop("This is a program. Products are read from CSV files."),
    "file_is_html": gettext_noop("This is a web page. Products are read from CSV files."),
    "file_is_xml": gettext_noop("This is an XML file. Products are read from CSV files."),
    "file_is_json": gettext_noop("This is a JSON file. Products are read from CSV files."),
    "encoding_unsupported": gettext_noop(
        "The text is stored as %(encoding)s. Save the file as “CSV UTF-8” and upload it again."
    ),
    "not_utf8": gettext_noop(
        "Row %(row)s is not UTF-8 text. Save the file as “CSV UTF-8” and upload it again."
    ),
    "other_delimiter": gettext_noop(
        "The columns are separated by %(delimiter)s. Save the file with commas between the columns."
    ),
    "format_unknown": gettext_noop(
        "These columns belong to no format that we know. A Shopify product file has a column Handle"
        " or URL handle. Found: %(columns)s."
    ),
    "column_missing": gettext_noop("The column %(column)s is missing."),
    "column_twice": gettext_noop("The column %(column)s occurs twice. Keep one of them."),
    "too_many_columns": gettext_noop("Row %(row)s has more than %(limit)s columns."),
    "line_too_long": gettext_noop(
        "A line is longer than %(limit)s characters. Is this really a CSV file?"
    ),
    "cell_too_long": gettext_noop(
        "A cell in row %(row)s is longer than %(limit)s characters. Perhaps a quotation mark opens"
        " there and never closes."
    ),
    "quotes_unbalanced": gettext_noop(
        "In row %(row)s a quotation mark opens and does not close, or stands in the middle of a"
        " cell. Write quotation marks inside of a cell twice."
    ),
    "file_lost": gettext_noop("The uploaded file is no longer there. Upload it again."),
    "worker_died": gettext_noop(
        "The import stopped several times without finishing. Nothing more was written. Please tell"
        " your administrator."
    ),
    # rows
    "row_too_long": gettext_noop(
        "The row has %(found)s cells, the header %(expected)s. Is a comma in a cell without"
        " quotation marks?"
    ),
    "row_too_short": gettext_noop(
        "The row has %(found)s cells, the header %(expected)s. Is a line break in a cell without"
        " quotation marks?"
    ),
    "nul_character": gettext_noop("The cell holds an invisible NUL character. Remove it."),
    "handle_missing": gettext_noop("The product has no handle."),
    "handle_repeated": gettext_noop(
        "The handle occurs in rows %(rows)s, with other products between them. Put the rows of one"
        " product together, or give the products different handles."
    ),
    "title_missing": gettext_noop("The product has no title."),
    "values_differ": gettext_noop(
        "“%(value)s” differs from “%(first)s” in row %(first_row)s, but the rows describe one"
        " product."
    ),
    "too_many_rows": gettext_noop("The product has more than %(limit)s rows."),
    "too_long": gettext_noop("The text has %(length)s characters, at most %(limit)s fit."),
    "too_many_tags": gettext_noop("The product has %(found)s tags, at most %(limit)s fit."),
    # cells
    "not_a_price": gettext_noop("“%(value)s” is not a price."),
    "price_negative": gettext_noop("The price “%(value)s” is negative."),
    "price_ambiguous": gettext_noop(
        "“%(value)s” can be read in two ways. Write it without a thousands separator."
    ),
    "price_in_other_currency": gettext_noop(
        "“%(value)s” is not in %(currency)s, the currency of this import."
    ),
    "price_too_precise": gettext_noop("“%(value)s” has more decimals than %(currency)s has."),
    "price_too_large": gettext_noop("The price “%(value)s” is too large."),
    "not_a_weight": gettext_noop("“%(value)s” is not a weight."),
    "weight_ambiguous": gettext_noop(
        "“%(value)s” can be read in two ways. Write it without a thousands separator."
    ),
    "not_true_or_false": gettext_noop("“%(value)s” is neither TRUE nor FALSE."),
    "status_unknown": gettext_noop("“%(value)s” is not one of active, draft and archived."),
    "not_a_whole_number": gettext_noop("“%(value)s” is not a whole number."),
    "not_a_web_address": gettext_noop(
        "“%(value)s” is not a web address that starts with http:// or https://."
    ),
    "option_name_missing": gettext_noop("There is a value for an option that has no name."),
    "option_value_missing": gettext_noop("The value for “%(option)s” is missing."),
    "options_repeated": gettext_noop(
        "The options “%(options)s” are already those of row %(first_row)s."
    ),
    "options_needed": gettext_noop(
        "The product has several SKUs here. The file needs its option columns to tell them apart."
    ),
}


def message_of(code: str, params: dict[str, Any]) -> str:
    """What a person reads, in the language of the moment; a code without words is shown itself."""
    words = MESSAGES.get(code)
    if words is None:
        return code
    try:
        return gettext(words) % params
    except (KeyError, TypeError):
        return gettext(words)
