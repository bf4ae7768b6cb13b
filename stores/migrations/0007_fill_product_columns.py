from django.db import migrations

from tenants.operations import every_merchants_rows

TABLES = ("stores_product", "stores_sku", "stores_copyslot", "stores_copyversion")
FILL = """
UPDATE stores_product p SET
    currency = s.currency, min_price_minor = s.lowest, max_price_minor = s.highest
  FROM (SELECT product_id, min(currency) AS currency, min(price_minor) AS lowest,
               max(price_minor) AS highest FROM stores_sku GROUP BY product_id) s
 WHERE s.product_id = p.id;
UPDATE stores_product p SET readiness = CASE
    WHEN f.n >= 3 THEN 'ready' WHEN f.n > 0 THEN 'thin' ELSE 'empty' END
  FROM (SELECT id, jsonb_array_length(attributes) + cardinality(option_names)
               + (vendor <> '')::int + (product_type <> '' OR category <> '')::int AS n
          FROM stores_product) f
 WHERE f.id = p.id;
UPDATE stores_product p SET copy_state = CASE
    WHEN t.draft THEN 'draft' WHEN t.approved THEN 'approved'
    WHEN t.people THEN 'human' WHEN t.live THEN 'published' ELSE 'none' END
  FROM (SELECT q.id,
               bool_or(v.state = 'draft') AS draft, bool_or(v.state = 'approved') AS approved,
               bool_or(v.state = 'published' AND c.locale = q.locale
                       AND v.source IN ('human', 'imported')) AS people,
               bool_or(v.state = 'published' AND c.locale = q.locale) AS live
          FROM stores_product q
          JOIN stores_copyslot c ON c.product_id = q.id AND c.field = 'description'
          JOIN stores_copyversion v ON v.slot_id = c.id
         GROUP BY q.id) t
 WHERE t.id = p.id;
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor, every_merchants_rows(cursor, *TABLES):
        cursor.execute(FILL)


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0006_wide_catalogue_row_security"),
        ("tenants", "0003_directory"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
