"""Row security, and the look-up of a key before its merchant is known."""

from django.db import migrations

from tenants.operations import ProtectMerchantTable

RESOLVE = """
GRANT SELECT (id, merchant_id, prefix, secret_hash, scopes, expires_at, revoked_at)
    ON api_apikey TO copydesk_directory;
CREATE POLICY directory_reads ON api_apikey FOR SELECT TO copydesk_directory USING (true);

CREATE FUNCTION resolve_credential(p_prefix varchar)
RETURNS TABLE (id bigint, merchant_id bigint, secret_hash bytea, scopes varchar[],
               expires_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.merchant_id, k.secret_hash, k.scopes, k.expires_at, k.revoked_at
    FROM api_apikey k WHERE k.prefix = p_prefix
$$;

ALTER FUNCTION resolve_credential(varchar) OWNER TO copydesk_directory;
SET LOCAL ROLE copydesk_directory;
REVOKE ALL ON FUNCTION resolve_credential(varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resolve_credential(varchar) TO copydesk_app;
RESET ROLE;
"""
UNDO = """
SET LOCAL ROLE copydesk_directory;
DROP FUNCTION resolve_credential(varchar);
RESET ROLE;
DROP POLICY directory_reads ON api_apikey;
REVOKE ALL ON api_apikey FROM copydesk_directory;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("tenants", "0003_directory")]

    operations = [
        ProtectMerchantTable("ApiKey"),
        ProtectMerchantTable("IdempotencyKey"),
        migrations.RunSQL(RESOLVE, UNDO),
    ]
