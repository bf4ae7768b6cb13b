"""The words for every code that an importer can report; they are looked up when a page is shown."""

from typing import Any

from django.utils.translation import gettext, gettext_noop

OF_FILES: dict[str, str] = {
    "file_empty": gettext_noop("The file is empty."),
    "no_products": gettext_noop("The file has a header but no products below it."),
    "file_is_xls": gettext_noop(
        "This is an old Excel workbook (.xls). Save it as an .xlsx workbook and upload that file."
    ),
    "file_is_xlsb": gettext_noop(
        "This is a binary Excel workbook (.xlsb). Save it as an .xlsx workbook and upload that file."
    ),
    "file_is_ods": gettext_noop(
        "This is an OpenDocument workbook. Save it as an .xlsx workbook or as CSV and upload that"
        " file."
    ),
    "file_is_numbers": gettext_noop(
        "This is a Numbers document. Export it as an .xlsx workbook or as CSV and upload that file."
    ),
    "file_is_encrypted": gettext_noop(
        "This workbook is protected by a password. Save it without one and upload it again."
    ),
    "file_is_document": gettext_noop(
        "This is a text document or a presentation. Products are read from tables and feeds."
    ),
    "workbook_broken": gettext_noop(
        "This workbook is damaged or incomplete. Open it in Excel, save it once more and upload it"
        " again."
    ),
    "workbook_too_large": gettext_noop(
        "Unpacked, this workbook is too large: at most %(limit)s MB can be read. Save it as CSV and"
        " upload that file."
    ),
    "sheet_unknown": gettext_noop("The workbook has no sheet “%(sheet)s”."),
    "file_is_zip": gettext_noop("This is a ZIP archive. Unpack it and upload the file inside."),
    "file_is_gzip": gettext_noop("This file is compressed. Unpack it and upload the file inside."),
    "file_is_archive": gettext_noop("This is an archive. Unpack it and upload the file inside."),
    "file_is_pdf": gettext_noop("This is a PDF document. Products are read from tables and feeds."),
    "file_is_image": gettext_noop("This is a picture. Products are read from tables and feeds."),
    "file_is_database": gettext_noop(
        "This is a database. Products are read from tables and feeds."
    ),
    "file_is_program": gettext_noop("This is a program. Products are read from tables and feeds."),
    "html_unknown": gettext_noop("This web page has no products that we can find."),
    "xml_unknown": gettext_noop("This XML file is no product feed that we know."),
    "json_unknown": gettext_noop("This JSON file has no products that we can find."),
    "jsonl_unknown": gettext_noop("The lines of this JSON file are no products that we know."),
    "encoding_unsupported": gettext_noop(
        "The text is stored as %(encoding)s. Save the file as “CSV UTF-8” and upload it again."
    ),
    "not_utf8": gettext_noop(
        "Row %(row)s is not UTF-8 text. Save the file as “CSV UTF-8” and upload it again."
    ),
    "not_in_encoding": gettext_noop(
        "Row %(row)s is not %(encoding)s text. Choose another encoding, or save the file as “CSV"
        " UTF-8” and upload it again."
    ),
    "delimiter_unusable": gettext_noop("“%(delimiter)s” cannot separate columns."),
    "column_missing": gettext_noop("The column %(column)s is missing."),
    "column_twice": gettext_noop("The column %(column)s occurs twice. Keep one of them."),
    "too_many_columns": gettext_noop("Row %(row)s has more than %(limit)s columns."),
    "line_too_long": gettext_noop(
        "A line is longer than %(limit)s characters. Is this really a table?"
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
}
MESSAGES: dict[str, str] = OF_FILES | {
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
    "sku_taken": gettext_noop(
        "The SKU code %(code)s already belongs to the product %(handle)s of your catalogue."
    ),
    "sku_repeated": gettext_noop(
        "The SKU code %(code)s belongs to several products or variants of the file: rows %(rows)s."
    ),
    "options_needed": gettext_noop(
        "The product has several SKUs here. The file needs its option columns to tell them apart."
    ),
    # files that are no tables
    "xml_broken": gettext_noop("Line %(row)s of the file is no correct XML."),
    "xml_cut_off": gettext_noop("The file ends in the middle, in line %(row)s. Upload it again."),
    "xml_doctype": gettext_noop(
        "Line %(row)s declares a document type (DOCTYPE). Such declarations can be dangerous;"
        " remove it."
    ),
    "xml_wrong_bytes": gettext_noop(
        "After line %(row)s the text is not in the encoding that the file names in its first line."
    ),
    "xml_too_deep": gettext_noop(
        "In line %(row)s more than %(limit)s elements stand inside one another."
    ),
    "xml_too_long": gettext_noop(
        "The product that ends near line %(row)s has more than %(limit)s characters."
    ),
    "xml_too_many_elements": gettext_noop(
        "The product near line %(row)s has more than %(limit)s elements."
    ),
    "no_items": gettext_noop("The feed has no items."),
    "html_too_large": gettext_noop(
        "The page has more than %(limit)s characters. Save the page of a single product."
    ),
    "html_too_many_facts": gettext_noop(
        "The page describes more than %(limit)s facts. Save the page of a single product."
    ),
    "html_broken": gettext_noop("The page cannot be read. Save it anew with your browser."),
    "json_broken": gettext_noop("This is no correct JSON."),
    "json_cut_off": gettext_noop("The file ends in the middle, in line %(row)s. Upload it again."),
    "json_too_deep": gettext_noop("The JSON has too many levels inside one another."),
    "json_number": gettext_noop("The JSON has a number that is too long."),
    "json_name_twice": gettext_noop("The name “%(name)s” occurs twice in one object."),
    "json_constant": gettext_noop("%(value)s is no JSON. Write null where there is no number."),
    "json_line_too_long": gettext_noop(
        "Line %(row)s has a product of more than %(limit)s characters."
    ),
    "product_unreadable": gettext_noop("This product cannot be read."),
    "not_a_character": gettext_noop(
        "The text has bytes that are no characters. Choose another encoding, or mend the text."
    ),
    # products of feeds, shops and our own JSON
    "id_missing": gettext_noop("The item has no id."),
    "id_repeated": gettext_noop("Two items of one product have the id “%(value)s”."),
    "options_by_id": gettext_noop(
        "The items of this product do not differ in colour, size, material or pattern. Their ids"
        " tell them apart now."
    ),
    "items_broken": gettext_noop("The corrected text is no list of items any more."),
    "parent_missing": gettext_noop("The variation does not say which product it belongs to."),
    "parent_not_found": gettext_noop(
        "The variation belongs to “%(value)s”, which is not in this file. Export the product"
        " together with its variations."
    ),
    "variations_missing": gettext_noop(
        "The variations of this product are not in the file. A product that is here keeps its SKUs,"
        " options and pictures; a new one gets a single SKU without options."
    ),
    "language_differs": gettext_noop(
        "The texts of this file are in the language “%(value)s”, the product is in “%(locale)s”. Its"
        " description stays as it is."
    ),
    "published_unknown": gettext_noop("“%(value)s” is not one of 1, 0 and -1."),
    "image_relative": gettext_noop(
        "The picture “%(value)s” is left out: its address is not complete."
    ),
    "key_unknown": gettext_noop("There is no such field. Is it misspelt?"),
    "key_missing": gettext_noop("This field must not be missing or empty."),
    "needs_text": gettext_noop("This must be a text."),
    "needs_list": gettext_noop("This must be a list."),
    "needs_object": gettext_noop("This must be an object with names and values."),
    "needs_value": gettext_noop(
        "This must be a text, a number, true or false, or a list of texts."
    ),
    "needs_minor": gettext_noop(
        "This must be a whole number: the amount in the smallest unit of %(currency)s."
    ),
    "unit_needs_number": gettext_noop("Only a number has a unit."),
    "type_differs": gettext_noop("This value is of the type “%(type)s”."),
    "list_too_long": gettext_noop("The list has %(found)s entries, at most %(limit)s fit."),
    "options_differ": gettext_noop(
        "There are %(found)s options, but %(expected)s names of options."
    ),
    "options_repeated_in": gettext_noop(
        "The options “%(options)s” are already those of SKU %(first)s of this product."
    ),
    "option_names_alone": gettext_noop("Names of options need the SKUs with their values."),
    "skus_missing": gettext_noop("A product has at least one SKU. Leave the field out to keep it."),
    "locale_stays": gettext_noop(
        "The language “%(value)s” is not that of this import. A new product gets the language of"
        " the import, and one that is here keeps its own."
    ),
    "first_value_counts": gettext_noop(
        "“%(value)s” is passed over: “%(first)s” in row %(first_row)s counts for the whole product."
    ),
    "options_by_sku": gettext_noop(
        "No column tells the rows of this product apart. Their SKUs do now; perhaps a column is an"
        " option."
    ),
    # columns that a person assigns
    "mapping_unknown_field": gettext_noop(
        "The column %(column)s is assigned to “%(field)s”, which does not exist."
    ),
    "mapping_field_twice": gettext_noop(
        "“%(field)s” can be one column only. Choose one of: %(columns)s."
    ),
    "mapping_without_title": gettext_noop(
        "No column has titles, handles or SKUs. Say which one does."
    ),
    # files that have no products
    "table_of_customers": gettext_noop("This is a list of customers. Export the products instead."),
    "table_of_addresses": gettext_noop("This is a list of addresses. Export the products instead."),
    "table_of_links": gettext_noop(
        "This table links products with each other or with files. Import the products instead."
    ),
    "table_of_images": gettext_noop(
        "This table has only pictures. Import it together with the products: add the titles as a"
        " column."
    ),
    "table_of_attributes": gettext_noop(
        "This table declares attributes and has no products. Export the products instead."
    ),
    "table_of_categories": gettext_noop(
        "This is a list of categories. Export the products instead; they name their categories."
    ),
    "table_of_orders": gettext_noop("This is a list of orders. Export the products instead."),
    "table_of_brands": gettext_noop(
        "This is a list of manufacturers or suppliers. Export the products instead."
    ),
    "table_of_translations": gettext_noop(
        "This table has translations of products. Import a file with the products in one language."
    ),
    "table_of_variants": gettext_noop(
        "This table has combinations of products that stand in another file. Export both together,"
        " one row for each combination with its product’s title."
    ),
    "table_of_reviews": gettext_noop("This is a list of reviews. Export the products instead."),
    "file_is_text": gettext_noop("This is a text without columns. Products come as a table."),
    "file_is_sql": gettext_noop(
        "This is a dump of a database (SQL). Export the products as a table instead."
    ),
    "file_is_yaml": gettext_noop(
        "This is a YAML file. Export the products as a table or as JSON instead."
    ),
    "file_is_dump": gettext_noop(
        "This is a dump of a shop’s database (JSON). Export the products as a table instead."
    ),
    "file_is_wordpress": gettext_noop(
        "This WordPress export has no products. In WooCommerce choose Products, Export, and upload"
        " the CSV file."
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
