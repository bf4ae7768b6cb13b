from django.db import migrations

from tenants.operations import ProtectMerchantTable


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial"), ("tenants", "0002_row_security")]

    operations = [
        ProtectMerchantTable("Product"),
        ProtectMerchantTable("ProductImage"),
        ProtectMerchantTable("Sku"),
        ProtectMerchantTable("CopySlot"),
        ProtectMerchantTable("CopyVersion"),
        ProtectMerchantTable("CatalogueImport"),
        ProtectMerchantTable("ImportItem"),
    ]
