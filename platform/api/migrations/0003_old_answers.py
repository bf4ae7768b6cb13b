"""Which merchants have saved answers that nobody may ask for any more, for a task without a scope."""

from django.db import migrations

OLD_ANSWERS = """
GRANT SELECT (merchant_id, created_at) ON api_idempotencykey TO copydesk_directory;
CREATE POLICY directory_reads ON api_idempotencykey FOR SELECT TO copydesk_directory USING (true);

CREATE FUNCTION merchants_with_old_answers()
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT k.merchant_id FROM api_idempotencykey k
    WHERE k.created_at <= now() - interval '24 hours'
$$;

ALTER FUNCTION merchants_with_old_answers() OWNER TO copydesk_directory;
SET LOCAL ROLE copydesk_directory;
REVOKE ALL ON FUNCTION merchants_with_old_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merchants_with_old_answers() TO copydesk_worker;
RESET ROLE;
"""
UNDO = """
SET LOCAL ROLE copydesk_directory;
DROP FUNCTION merchants_with_old_answers();
RESET ROLE;
DROP POLICY directory_reads ON api_idempotencykey;
REVOKE ALL ON api_idempotencykey FROM copydesk_directory;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0002_row_security")]

    operations = [migrations.RunSQL(OLD_ANSWERS, UNDO)]
