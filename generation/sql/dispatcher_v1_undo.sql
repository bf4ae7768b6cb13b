SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION renew_leases(bigint, bigint, integer);
DROP FUNCTION claim_suspect(bigint, bigint, text[], text[]);
DROP FUNCTION claim_requests(bigint, bigint, integer, integer, text[], text[]);
DROP FUNCTION held_requests(bigint, bigint);
DROP FUNCTION holds_lease(bigint, bigint);
DROP FUNCTION open_turns(varchar, text[], text[]);
DROP FUNCTION reap_expired(integer);
DROP FUNCTION work_waits();
DROP FUNCTION lane_figures();
DROP FUNCTION unchecked_requests(integer, integer);
RESET ROLE;
DROP SEQUENCE generation_fence_seq;
DROP POLICY dispatcher_keeps_books ON generation_generationrequest;
DROP POLICY dispatcher_keeps_books ON generation_queueturn;
REVOKE ALL ON generation_generationrequest, generation_queueturn, generation_inferenceworker,
    tenants_merchant FROM copydesk_dispatcher;
REVOKE ALL ON SEQUENCE generation_queueturn_id_seq FROM copydesk_dispatcher;
