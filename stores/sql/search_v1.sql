-- Row security lets no index answer `@@`, which is not leakproof. This role may look at every
-- document; its function answers for the merchant in scope only, and with keys only.
GRANT SELECT (id, merchant_id, document) ON stores_productsearch TO copydesk_search;
CREATE POLICY search_reads ON stores_productsearch FOR SELECT TO copydesk_search USING (true);

-- A document goes with its product. merchant_id is part of the key: never another merchant's.
ALTER TABLE stores_productsearch ADD CONSTRAINT stores_productsearch_id_same_merchant
    FOREIGN KEY (merchant_id, id) REFERENCES stores_product (merchant_id, id)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- merchant_id + 0: or the planner may think that the merchant's key narrows it down enough.
CREATE FUNCTION search_products(p_query tsquery, p_limit integer) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(f.id), '{}')
      FROM (SELECT s.id FROM stores_productsearch s
             WHERE s.document @@ p_query
               AND s.merchant_id + 0 = NULLIF(current_setting('app.merchant_id', true), '')::bigint
             LIMIT p_limit) f
$$;

ALTER FUNCTION search_products(tsquery, integer) OWNER TO copydesk_search;
SET LOCAL ROLE copydesk_search;
REVOKE ALL ON FUNCTION search_products(tsquery, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_products(tsquery, integer) TO copydesk_app;
RESET ROLE;
