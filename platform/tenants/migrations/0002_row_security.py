from django.db import migrations

from tenants.operations import IN_SCOPE, ProtectMerchantTable

MERCHANT = """
ALTER TABLE tenants_merchant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants_merchant FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON tenants_merchant FOR SELECT
    TO copydesk_app, copydesk_staff, copydesk_backup, copydesk_dispatcher USING (true);
CREATE POLICY anybody_founds ON tenants_merchant FOR INSERT TO copydesk_app WITH CHECK (true);
CREATE POLICY merchant_changes_itself ON tenants_merchant FOR UPDATE TO copydesk_app
    USING (id = (SELECT NULLIF(current_setting('app.merchant_id', true), '')::bigint));
REVOKE DELETE ON tenants_merchant FROM copydesk_app;
"""
UNDO_MERCHANT = """
DROP POLICY everybody_reads ON tenants_merchant;
DROP POLICY anybody_founds ON tenants_merchant;
DROP POLICY merchant_changes_itself ON tenants_merchant;
ALTER TABLE tenants_merchant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants_merchant DISABLE ROW LEVEL SECURITY;
GRANT DELETE ON tenants_merchant TO copydesk_app;
"""

# Outside a scope only the entries of the platform itself are seen and written.
VISIBLE = f"""({IN_SCOPE} OR merchant_id IS NULL
    AND NULLIF(current_setting('app.merchant_id', true), '') IS NULL)"""
AUDIT = f"""
ALTER TABLE tenants_auditentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants_auditentry FORCE ROW LEVEL SECURITY;
CREATE POLICY app_reads ON tenants_auditentry FOR SELECT TO copydesk_app USING ({VISIBLE});
CREATE POLICY app_adds ON tenants_auditentry FOR INSERT TO copydesk_app WITH CHECK ({VISIBLE});
CREATE POLICY staff_reads ON tenants_auditentry FOR SELECT
    TO copydesk_staff, copydesk_backup USING (true);
CREATE POLICY staff_adds ON tenants_auditentry FOR INSERT TO copydesk_staff WITH CHECK (true);
REVOKE UPDATE, DELETE ON tenants_auditentry FROM copydesk_app;
GRANT INSERT ON tenants_auditentry TO copydesk_staff;
GRANT USAGE ON SEQUENCE tenants_auditentry_id_seq TO copydesk_staff;
"""
UNDO_AUDIT = """
DROP POLICY app_reads ON tenants_auditentry;
DROP POLICY app_adds ON tenants_auditentry;
DROP POLICY staff_reads ON tenants_auditentry;
DROP POLICY staff_adds ON tenants_auditentry;
ALTER TABLE tenants_auditentry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants_auditentry DISABLE ROW LEVEL SECURITY;
GRANT UPDATE, DELETE ON tenants_auditentry TO copydesk_app;
REVOKE INSERT ON tenants_auditentry FROM copydesk_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(MERCHANT, UNDO_MERCHANT),
        migrations.RunSQL(AUDIT, UNDO_AUDIT),
        ProtectMerchantTable("Membership"),
        ProtectMerchantTable("Invitation"),
    ]
