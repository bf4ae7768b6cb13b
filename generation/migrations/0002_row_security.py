from django.db import migrations

from tenants.operations import ProtectMerchantTable


class Migration(migrations.Migration):
    dependencies = [("generation", "0001_initial"), ("stores", "0002_row_security")]

    operations = [
        ProtectMerchantTable("MerchantEndpoint"),
        ProtectMerchantTable("GenerationRun"),
        ProtectMerchantTable("GenerationRequest"),
        ProtectMerchantTable("Candidate"),
        ProtectMerchantTable("QueueTurn"),
    ]
