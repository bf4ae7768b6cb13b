"""What must be looked up before a merchant is known: through functions of the role directory."""

from django.db import migrations

FUNCTIONS = """
GRANT SELECT (merchant_id, user_id, role) ON tenants_membership TO copydesk_directory;
CREATE POLICY directory_reads ON tenants_membership FOR SELECT TO copydesk_directory USING (true);
GRANT SELECT (id, merchant_id, email, role, token_hash, expires_at, accepted_at)
    ON tenants_invitation TO copydesk_directory;
CREATE POLICY directory_reads ON tenants_invitation FOR SELECT TO copydesk_directory USING (true);

CREATE FUNCTION memberships_of(p_user_id bigint)
RETURNS TABLE (merchant_id bigint, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.merchant_id, m.role FROM tenants_membership m WHERE m.user_id = p_user_id
$$;

CREATE FUNCTION invitation_of(p_token_hash bytea)
RETURNS TABLE (id bigint, merchant_id bigint, email varchar, role varchar,
               expires_at timestamptz, accepted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, i.merchant_id, i.email, i.role, i.expires_at, i.accepted_at
    FROM tenants_invitation i WHERE i.token_hash = p_token_hash
$$;

ALTER FUNCTION memberships_of(bigint) OWNER TO copydesk_directory;
ALTER FUNCTION invitation_of(bytea) OWNER TO copydesk_directory;
SET LOCAL ROLE copydesk_directory;
REVOKE ALL ON FUNCTION memberships_of(bigint), invitation_of(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memberships_of(bigint), invitation_of(bytea) TO copydesk_app;
RESET ROLE;
"""
UNDO = """
SET LOCAL ROLE copydesk_directory;
DROP FUNCTION memberships_of(bigint);
DROP FUNCTION invitation_of(bytea);
RESET ROLE;
DROP POLICY directory_reads ON tenants_membership;
DROP POLICY directory_reads ON tenants_invitation;
REVOKE ALL ON tenants_membership, tenants_invitation FROM copydesk_directory;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_row_security")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
