"""Row security for the use of keys, and the secret before the last rotation where keys are resolved."""

from django.db import migrations

from tenants.operations import ProtectMerchantTable

_AFTER = """
ALTER FUNCTION resolve_credential(varchar) OWNER TO copydesk_directory;
SET LOCAL ROLE copydesk_directory;
REVOKE ALL ON FUNCTION resolve_credential(varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resolve_credential(varchar) TO copydesk_app;
RESET ROLE;
"""
_DROP = """
SET LOCAL ROLE copydesk_directory;
DROP FUNCTION resolve_credential(varchar);
RESET ROLE;
"""
RESOLVE = f"""
{_DROP}
GRANT SELECT (old_secret_hash, old_secret_until) ON api_apikey TO copydesk_directory;
CREATE FUNCTION resolve_credential(p_prefix varchar)
RETURNS TABLE (id bigint, merchant_id bigint, secret_hash bytea, scopes varchar[],
               expires_at timestamptz, revoked_at timestamptz,
               old_secret_hash bytea, old_secret_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.merchant_id, k.secret_hash, k.scopes, k.expires_at, k.revoked_at,
           k.old_secret_hash, k.old_secret_until
    FROM api_apikey k WHERE k.prefix = p_prefix
$$;
{_AFTER}
"""
UNDO = f"""
{_DROP}
REVOKE SELECT (old_secret_hash, old_secret_until) ON api_apikey FROM copydesk_directory;
CREATE FUNCTION resolve_credential(p_prefix varchar)
RETURNS TABLE (id bigint, merchant_id bigint, secret_hash bytea, scopes varchar[],
               expires_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.merchant_id, k.secret_hash, k.scopes, k.expires_at, k.revoked_at
    FROM api_apikey k WHERE k.prefix = p_prefix
$$;
{_AFTER}
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0004_key_use")]

    operations = [
        ProtectMerchantTable("ApiKeyUse"),
        migrations.RunSQL(RESOLVE, UNDO),
    ]
