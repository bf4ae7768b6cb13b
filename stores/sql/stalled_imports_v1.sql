GRANT SELECT (id, merchant_id, state, heartbeat_at, created_at)
    ON stores_catalogueimport TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_stalled ON stores_catalogueimport
    FOR SELECT TO copydesk_dispatcher USING (true);

CREATE FUNCTION stalled_imports(p_silent_seconds integer, p_limit integer)
RETURNS TABLE (import_id bigint, merchant_id bigint, state varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, i.merchant_id, i.state FROM stores_catalogueimport i
     WHERE i.state IN ('uploaded', 'reading', 'applying')
       AND coalesce(i.heartbeat_at, i.created_at)
           < clock_timestamp() - make_interval(secs => p_silent_seconds)
     ORDER BY i.heartbeat_at LIMIT p_limit
$$;

ALTER FUNCTION stalled_imports(integer, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION stalled_imports(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stalled_imports(integer, integer) TO copydesk_worker;
RESET ROLE;
