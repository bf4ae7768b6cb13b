SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION stalled_imports(integer, integer);
RESET ROLE;
DROP POLICY dispatcher_finds_stalled ON stores_catalogueimport;
REVOKE ALL ON stores_catalogueimport FROM copydesk_dispatcher;
