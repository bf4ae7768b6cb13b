SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION renew_leases(bigint, bigint, integer);
DROP FUNCTION claim_requests(bigint, bigint, integer);
DROP FUNCTION reap_expired(integer);
DROP FUNCTION lane_figures();
DROP FUNCTION unchecked_requests(integer, integer);
RESET ROLE;
DROP POLICY dispatcher_keeps_books ON generation_generationrequest;
DROP POLICY dispatcher_keeps_books ON generation_queueturn;
REVOKE ALL ON generation_generationrequest, generation_queueturn, generation_inferenceworker,
    tenants_merchant FROM copydesk_dispatcher;
REVOKE ALL ON SEQUENCE generation_queueturn_id_seq FROM copydesk_dispatcher;
