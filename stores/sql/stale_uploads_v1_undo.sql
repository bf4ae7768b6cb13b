SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION stale_uploads(interval, integer);
RESET ROLE;
DROP POLICY dispatcher_finds_stale ON stores_upload;
REVOKE ALL ON stores_upload FROM copydesk_dispatcher;
