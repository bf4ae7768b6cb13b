GRANT SELECT (id, merchant_id, state, checked_at) ON stores_productimage TO copydesk_dispatcher;
CREATE POLICY dispatcher_finds_unchecked ON stores_productimage
    FOR SELECT TO copydesk_dispatcher USING (true);

-- One probe of an index for each merchant, however many images there are.
CREATE FUNCTION merchants_with_unchecked_images(p_retry interval, p_recheck interval, p_limit integer)
RETURNS TABLE (merchant_id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE shops (merchant_id) AS (
        SELECT min(i.merchant_id) FROM stores_productimage i
        UNION ALL
        SELECT (SELECT min(i.merchant_id) FROM stores_productimage i
                 WHERE i.merchant_id > s.merchant_id)
          FROM shops s WHERE s.merchant_id IS NOT NULL
    )
    SELECT s.merchant_id FROM shops s
     WHERE s.merchant_id IS NOT NULL
       AND (EXISTS (SELECT FROM stores_productimage i
                     WHERE i.merchant_id = s.merchant_id AND i.state = 'unchecked'
                       AND i.checked_at IS NULL)
         OR EXISTS (SELECT FROM stores_productimage i
                     WHERE i.merchant_id = s.merchant_id AND i.state = 'unchecked'
                       AND i.checked_at < clock_timestamp() - p_retry)
         OR EXISTS (SELECT FROM stores_productimage i
                     WHERE i.merchant_id = s.merchant_id
                       AND i.checked_at < clock_timestamp() - p_recheck))
     ORDER BY random() LIMIT p_limit
$$;

ALTER FUNCTION merchants_with_unchecked_images(interval, interval, integer)
    OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION merchants_with_unchecked_images(interval, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merchants_with_unchecked_images(interval, interval, integer)
    TO copydesk_worker;
RESET ROLE;
