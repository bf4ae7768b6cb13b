GRANT SELECT (merchant_id, updated_at) ON stores_upload TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_stale ON stores_upload
    FOR SELECT TO copydesk_dispatcher USING (true);

CREATE FUNCTION stale_uploads(p_lifetime interval, p_limit integer)
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT u.merchant_id FROM stores_upload u
     WHERE u.updated_at < clock_timestamp() - p_lifetime
     LIMIT p_limit
$$;

ALTER FUNCTION stale_uploads(interval, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION stale_uploads(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stale_uploads(interval, integer) TO copydesk_worker;
RESET ROLE;
