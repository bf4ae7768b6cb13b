SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION stalled_bulk_edits(integer, integer);
RESET ROLE;
DROP POLICY dispatcher_finds_stalled ON stores_bulkedit;
REVOKE SELECT (id, merchant_id, state, heartbeat_at, created_at)
    ON stores_bulkedit FROM copydesk_dispatcher;
