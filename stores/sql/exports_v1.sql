GRANT SELECT (id, merchant_id, feed_id, state, file, heartbeat_at, created_at, finished_at)
    ON stores_catalogueexport TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_exports ON stores_catalogueexport
    FOR SELECT TO copydesk_dispatcher USING (true);
GRANT SELECT (merchant_id, due_at, revoked_at) ON stores_feed TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_due ON stores_feed
    FOR SELECT TO copydesk_dispatcher USING (true);
GRANT SELECT (id, is_active) ON tenants_merchant TO copydesk_dispatcher;

CREATE FUNCTION due_feeds(p_limit integer)
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.merchant_id FROM stores_feed f
      JOIN tenants_merchant m ON m.id = f.merchant_id AND m.is_active
     WHERE f.revoked_at IS NULL AND f.due_at <= clock_timestamp()
     GROUP BY f.merchant_id ORDER BY min(f.due_at) LIMIT p_limit
$$;

CREATE FUNCTION stalled_exports(p_silent_seconds integer, p_limit integer)
RETURNS TABLE (export_id bigint, merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, e.merchant_id FROM stores_catalogueexport e
     WHERE e.state IN ('queued', 'writing')
       AND coalesce(e.heartbeat_at, e.created_at)
           < clock_timestamp() - make_interval(secs => p_silent_seconds)
     ORDER BY e.heartbeat_at NULLS FIRST LIMIT p_limit
$$;

CREATE FUNCTION merchants_with_old_exports(p_keep_days integer)
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT e.merchant_id FROM stores_catalogueexport e
     WHERE e.file <> ''
       AND (e.state IN ('cancelled', 'failed')
            OR (e.state = 'finished' AND e.feed_id IS NULL
                AND e.finished_at < clock_timestamp() - make_interval(days => p_keep_days)))
$$;

ALTER FUNCTION due_feeds(integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION stalled_exports(integer, integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION merchants_with_old_exports(integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION due_feeds(integer), stalled_exports(integer, integer),
    merchants_with_old_exports(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_feeds(integer), stalled_exports(integer, integer),
    merchants_with_old_exports(integer) TO copydesk_worker;
RESET ROLE;

GRANT SELECT (id, merchant_id, prefix, secret_hash, revoked_at) ON stores_feed TO copydesk_directory;
CREATE POLICY directory_reads ON stores_feed FOR SELECT TO copydesk_directory USING (true);

CREATE FUNCTION resolve_feed(p_prefix varchar)
RETURNS TABLE (id bigint, merchant_id bigint, secret_hash bytea, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.id, f.merchant_id, f.secret_hash, f.revoked_at
      FROM stores_feed f WHERE f.prefix = p_prefix
$$;

ALTER FUNCTION resolve_feed(varchar) OWNER TO copydesk_directory;
SET LOCAL ROLE copydesk_directory;
REVOKE ALL ON FUNCTION resolve_feed(varchar) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resolve_feed(varchar) TO copydesk_app;
RESET ROLE;
