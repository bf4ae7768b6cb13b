GRANT SELECT (file, finished_at) ON stores_catalogueimport TO copydesk_dispatcher;

CREATE FUNCTION merchants_with_old_import_files(p_keep_days integer, p_limit integer)
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT i.merchant_id FROM stores_catalogueimport i
     WHERE i.file <> '' AND i.state IN ('finished', 'cancelled', 'failed')
       AND coalesce(i.finished_at, i.created_at)
           < clock_timestamp() - make_interval(days => p_keep_days)
     LIMIT p_limit
$$;

ALTER FUNCTION merchants_with_old_import_files(integer, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION merchants_with_old_import_files(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merchants_with_old_import_files(integer, integer) TO copydesk_worker;
RESET ROLE;
