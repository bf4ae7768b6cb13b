GRANT SELECT (id, merchant_id, state, heartbeat_at, created_at)
    ON stores_bulkedit TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_stalled ON stores_bulkedit
    FOR SELECT TO copydesk_dispatcher USING (true);

CREATE FUNCTION stalled_bulk_edits(p_silent_seconds integer, p_limit integer)
RETURNS TABLE (bulk_edit_id bigint, merchant_id bigint, state varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.id, b.merchant_id, b.state FROM stores_bulkedit b
     WHERE b.state IN ('preparing', 'applying', 'undoing')
       AND coalesce(b.heartbeat_at, b.created_at)
           < clock_timestamp() - make_interval(secs => p_silent_seconds)
     ORDER BY b.heartbeat_at LIMIT p_limit
$$;

ALTER FUNCTION stalled_bulk_edits(integer, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION stalled_bulk_edits(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stalled_bulk_edits(integer, integer) TO copydesk_worker;
RESET ROLE;
