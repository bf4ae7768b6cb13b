SET LOCAL ROLE copydesk_search;
DROP FUNCTION search_products(tsquery, integer);
RESET ROLE;
ALTER TABLE stores_productsearch DROP CONSTRAINT stores_productsearch_id_same_merchant;
DROP POLICY search_reads ON stores_productsearch;
REVOKE ALL ON stores_productsearch FROM copydesk_search;
