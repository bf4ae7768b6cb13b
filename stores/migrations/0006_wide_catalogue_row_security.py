from django.db import migrations

from tenants.operations import ProtectForeignKey, ProtectMerchantTable

class Migration(migrations.Migration):
    dependencies = [("stores", "0005_wide_catalogue")]

    operations = [
        *(
            ProtectMerchantTable(name)
            for name in (
                "MappingProfile", "Upload", "Feed", "CatalogueExport", "SavedView", "Collection",
                "CollectionProduct", "BulkEdit", "BulkEditItem", "ProductRevision",
            )
        ),
        ProtectForeignKey("CatalogueImport", "profile"),
    ]
