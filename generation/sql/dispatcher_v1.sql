GRANT SELECT (id, merchant_id, run_id, lane, state, attempts, crashes, is_cancel_requested,
              worker_id, fence, available_at, claimed_at, generated_at, created_at)
    ON generation_generationrequest TO copydesk_dispatcher;
GRANT UPDATE (state, attempts, crashes, worker_id, fence, claimed_at, finished_at,
              error_code, error)
    ON generation_generationrequest TO copydesk_dispatcher;
CREATE POLICY dispatcher_keeps_books ON generation_generationrequest
    TO copydesk_dispatcher USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON generation_queueturn TO copydesk_dispatcher;
GRANT USAGE ON SEQUENCE generation_queueturn_id_seq TO copydesk_dispatcher;
CREATE POLICY dispatcher_keeps_books ON generation_queueturn
    TO copydesk_dispatcher USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON generation_inferenceworker TO copydesk_dispatcher;
GRANT SELECT (id, queue_weight, is_active) ON tenants_merchant TO copydesk_dispatcher;

-- Workers read and write their own row through the app's grants; a lost lease is final.

CREATE FUNCTION renew_leases(p_worker_id bigint, p_fence bigint, p_seconds integer)
RETURNS TABLE (is_held boolean, cancelled bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE generation_inferenceworker
       SET lease_expires_at = clock_timestamp() + make_interval(secs => p_seconds)
     WHERE id = p_worker_id AND fence = p_fence AND state IN ('loading', 'ready');
    is_held := FOUND;
    SELECT coalesce(array_agg(r.id), '{}') INTO cancelled
      FROM generation_generationrequest r
     WHERE r.worker_id = p_worker_id AND r.fence = p_fence AND r.state = 'claimed'
       AND r.is_cancel_requested;
    RETURN NEXT;
END $$;

-- Fair by start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996): a merchant's virtual time
-- moves by requests / weight; one that comes back starts at the lane's present time.
-- A request that a worker died with is claimed alone, so that it cannot take others with it.
CREATE FUNCTION claim_requests(p_worker_id bigint, p_fence bigint, p_limit integer)
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, lane varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_lane varchar;
    v_turn record;
    v_left integer := p_limit;
    v_weight_left double precision;
    v_quota integer;
    v_ids bigint[];
    v_start double precision;
BEGIN
    PERFORM FROM generation_inferenceworker w
      WHERE w.id = p_worker_id AND w.fence = p_fence AND w.state = 'ready'
        AND w.lease_expires_at > clock_timestamp()
        FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    RETURN QUERY
    UPDATE generation_generationrequest r
       SET state = 'claimed', attempts = r.attempts + 1, worker_id = p_worker_id,
           fence = p_fence, claimed_at = clock_timestamp()
     WHERE r.id = (SELECT s.id FROM generation_generationrequest s
                    WHERE s.state = 'queued' AND s.crashes > 0
                      AND s.available_at <= clock_timestamp()
                      AND NOT EXISTS (SELECT FROM generation_generationrequest h
                                       WHERE h.worker_id = p_worker_id AND h.fence = p_fence
                                         AND h.state = 'claimed')
                    ORDER BY s.available_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING r.id, r.merchant_id, r.run_id, r.lane;
    IF FOUND THEN
        RETURN;
    END IF;

    FOREACH v_lane IN ARRAY ARRAY['interactive', 'bulk'] LOOP
        EXIT WHEN v_left <= 0;
        SELECT coalesce(min(t.virtual_time), 0) INTO v_start
          FROM generation_queueturn t WHERE t.lane = v_lane;
        SELECT coalesce(sum(w.weight), 0) INTO v_weight_left
          FROM (SELECT t.weight FROM generation_queueturn t WHERE t.lane = v_lane
                 ORDER BY coalesce(t.virtual_time, v_start), t.merchant_id LIMIT v_left) w;
        FOR v_turn IN
            SELECT t.id, t.merchant_id, t.weight,
                   coalesce(t.virtual_time, v_start) AS virtual_time
              FROM generation_queueturn t WHERE t.lane = v_lane
             ORDER BY coalesce(t.virtual_time, v_start), t.merchant_id
             LIMIT v_left FOR UPDATE SKIP LOCKED
        LOOP
            EXIT WHEN v_left <= 0;
            v_quota := greatest(1, least(v_left,
                ceil(v_left * v_turn.weight / greatest(v_weight_left, v_turn.weight))::integer));
            v_weight_left := v_weight_left - v_turn.weight;
            WITH picked AS (
                SELECT q.id FROM generation_generationrequest q
                 WHERE q.merchant_id = v_turn.merchant_id AND q.lane = v_lane
                   AND q.state = 'queued' AND q.crashes = 0
                   AND q.available_at <= clock_timestamp()
                 ORDER BY q.id LIMIT v_quota FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE generation_generationrequest r
                   SET state = 'claimed', attempts = r.attempts + 1, worker_id = p_worker_id,
                       fence = p_fence, claimed_at = clock_timestamp()
                  FROM picked WHERE r.id = picked.id
                RETURNING r.id
            )
            SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}') INTO v_ids FROM claimed c;
            RETURN QUERY SELECT r.id, r.merchant_id, r.run_id, r.lane
                           FROM generation_generationrequest r WHERE r.id = ANY (v_ids)
                          ORDER BY r.id;
            v_left := v_left - cardinality(v_ids);
            IF EXISTS (SELECT FROM generation_generationrequest q
                        WHERE q.merchant_id = v_turn.merchant_id AND q.lane = v_lane
                          AND q.state = 'queued' AND q.crashes = 0) THEN
                UPDATE generation_queueturn
                   SET virtual_time = v_turn.virtual_time
                                    + cardinality(v_ids)::double precision / v_turn.weight
                 WHERE id = v_turn.id;
            ELSE
                DELETE FROM generation_queueturn WHERE id = v_turn.id;
            END IF;
        END LOOP;
    END LOOP;
END $$;

-- Gives back what dead workers held. Returns what became terminal, for the counts of its run.
CREATE FUNCTION reap_expired(p_max_crashes integer)
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, state varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE generation_inferenceworker SET state = 'lost'
     WHERE state IN ('loading', 'ready') AND lease_expires_at < clock_timestamp();
    RETURN QUERY
    UPDATE generation_generationrequest r
       SET crashes = r.crashes + 1, worker_id = NULL, fence = NULL,
           state = CASE WHEN r.is_cancel_requested THEN 'cancelled'
                        WHEN r.crashes + 1 >= p_max_crashes THEN 'quarantined'
                        ELSE 'queued' END,
           finished_at = CASE WHEN r.is_cancel_requested OR r.crashes + 1 >= p_max_crashes
                              THEN clock_timestamp() END,
           error_code = CASE WHEN r.crashes + 1 >= p_max_crashes THEN 'worker_crashed'
                             ELSE '' END
      FROM generation_inferenceworker w
     WHERE r.state = 'claimed' AND w.id = r.worker_id AND w.state IN ('lost', 'stopped')
    RETURNING r.id, r.merchant_id, r.run_id, r.state;
    INSERT INTO generation_queueturn (merchant_id, lane, weight, woken_at)
    SELECT m.id, l.lane, m.queue_weight, clock_timestamp()
      FROM tenants_merchant m, unnest(ARRAY['interactive', 'bulk']) l(lane)
     WHERE EXISTS (SELECT FROM generation_generationrequest q
                    WHERE q.merchant_id = m.id AND q.lane = l.lane
                      AND q.state = 'queued' AND q.crashes = 0)
       AND NOT EXISTS (SELECT FROM generation_queueturn t
                        WHERE t.merchant_id = m.id AND t.lane = l.lane)
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION lane_figures()
RETURNS TABLE (lane varchar, n_queued bigint, n_claimed bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.lane, count(*) FILTER (WHERE r.state = 'queued'),
           count(*) FILTER (WHERE r.state = 'claimed'),
           extract(epoch FROM clock_timestamp()
                   - min(r.created_at) FILTER (WHERE r.state = 'queued'))::double precision
      FROM generation_generationrequest r
     WHERE r.state IN ('queued', 'claimed') GROUP BY r.lane
$$;

CREATE FUNCTION unchecked_requests(p_older_than_seconds integer, p_limit integer)
RETURNS TABLE (request_id bigint, merchant_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.merchant_id FROM generation_generationrequest r
     WHERE r.state = 'generated'
       AND r.generated_at < clock_timestamp() - make_interval(secs => p_older_than_seconds)
     ORDER BY r.generated_at LIMIT p_limit
$$;

ALTER FUNCTION renew_leases(bigint, bigint, integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION claim_requests(bigint, bigint, integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION reap_expired(integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION lane_figures() OWNER TO copydesk_dispatcher;
ALTER FUNCTION unchecked_requests(integer, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION renew_leases(bigint, bigint, integer),
    claim_requests(bigint, bigint, integer), reap_expired(integer), lane_figures(),
    unchecked_requests(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION renew_leases(bigint, bigint, integer),
    claim_requests(bigint, bigint, integer), reap_expired(integer), lane_figures(),
    unchecked_requests(integer, integer) TO copydesk_worker;
RESET ROLE;
