GRANT SELECT (id, merchant_id, run_id, lane, model, state, attempts, crashes, is_cancel_requested,
              worker_id, fence, available_at, claimed_at, generated_at, created_at)
    ON generation_generationrequest TO copydesk_dispatcher;
GRANT UPDATE (state, attempts, crashes, worker_id, fence, claimed_at, finished_at, available_at,
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
-- Each registration of a worker takes the next number: a result that carries an older one is late.
CREATE SEQUENCE generation_fence_seq;

-- A lost lease is final: the worker registers anew. suspects_wait asks it to let its batch run
-- out, because a request that a worker died with is only given to one that holds nothing else.
CREATE FUNCTION renew_leases(p_worker_id bigint, p_fence bigint, p_seconds integer)
RETURNS TABLE (is_held boolean, cancelled bigint[], suspects_wait boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE generation_inferenceworker
       SET lease_expires_at = clock_timestamp() + make_interval(secs => p_seconds)
     WHERE id = p_worker_id AND fence = p_fence AND state IN ('loading', 'ready', 'failed');
    is_held := FOUND;
    SELECT coalesce(array_agg(r.id ORDER BY r.id), '{}') INTO cancelled
      FROM generation_generationrequest r
     WHERE r.worker_id = p_worker_id AND r.fence = p_fence AND r.state = 'claimed'
       AND r.is_cancel_requested;
    suspects_wait := EXISTS (SELECT FROM generation_generationrequest s
                              WHERE s.state = 'queued' AND s.crashes > 0
                                AND s.available_at <= clock_timestamp());
    RETURN NEXT;
END $$;

CREATE FUNCTION holds_lease(p_worker_id bigint, p_fence bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM generation_inferenceworker w
      WHERE w.id = p_worker_id AND w.fence = p_fence AND w.state IN ('loading', 'ready', 'failed')
        AND w.lease_expires_at > clock_timestamp()
        FOR SHARE;
    RETURN FOUND;
END $$;

-- The oldest request that a worker died with, for a worker that holds nothing: so it cannot take
-- others with it. p_only: the models that this worker serves (NULL: every one); p_except: not these.
CREATE FUNCTION claim_suspect(p_worker_id bigint, p_fence bigint, p_only text[], p_except text[])
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, lane varchar, model varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT holds_lease(p_worker_id, p_fence) OR EXISTS (
        SELECT FROM generation_generationrequest h
         WHERE h.worker_id = p_worker_id AND h.fence = p_fence AND h.state = 'claimed')
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    UPDATE generation_generationrequest r
       SET state = 'claimed', attempts = r.attempts + 1, worker_id = p_worker_id,
           fence = p_fence, claimed_at = clock_timestamp()
     WHERE r.id = (SELECT s.id
                     FROM generation_generationrequest s
                     JOIN tenants_merchant m ON m.id = s.merchant_id AND m.is_active
                    WHERE s.state = 'queued' AND s.crashes > 0
                      AND s.available_at <= clock_timestamp()
                      AND (p_only IS NULL OR s.model = ANY (p_only))
                      AND s.model <> ALL (p_except)
                    ORDER BY s.available_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
    RETURNING r.id, r.merchant_id, r.run_id, r.lane, r.model;
END $$;

-- The turns of a lane that a claim may serve: awake, of active merchants, for the models asked for.
CREATE FUNCTION open_turns(p_lane varchar, p_only text[], p_except text[])
RETURNS SETOF generation_queueturn
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.* FROM generation_queueturn t
      JOIN tenants_merchant m ON m.id = t.merchant_id AND m.is_active
     WHERE t.lane = p_lane AND t.woken_at <= clock_timestamp()
       AND (p_only IS NULL OR t.model = ANY (p_only)) AND t.model <> ALL (p_except)
$$;

-- Fair by start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996): a turn's virtual time moves
-- by requests / weight; one that comes, or comes back, starts at the present time of the others.
-- Who is served stands in the small table of turns; the queue is only read through request_waiting.
-- A turn that yields nothing is deleted if nothing waits; otherwise (its requests wait for another
-- try, or the merchant has p_ceiling in progress) it sleeps for a second, out of the others' way.
-- The order by available_at is what only request_waiting can give: without it the planner may walk
-- through everything that the merchant ever had written.
CREATE FUNCTION claim_requests(p_worker_id bigint, p_fence bigint, p_limit integer,
                               p_ceiling integer, p_only text[], p_except text[])
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, lane varchar, model varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_lane varchar;
    v_turn record;
    v_left integer := p_limit;
    v_weight_left double precision;
    v_quota integer;
    v_start double precision;
    v_in_progress jsonb;
    v_open bigint[];
    v_ids bigint[];
    v_all_ids bigint[];
    v_turns bigint[];
    v_times double precision[];
BEGIN
    IF NOT holds_lease(p_worker_id, p_fence) OR EXISTS (
        SELECT FROM generation_generationrequest h
         WHERE h.worker_id = p_worker_id AND h.fence = p_fence AND h.state = 'claimed'
           AND h.crashes > 0)
    THEN
        RETURN;
    END IF;

    -- NULL, and not looked at, where all together have less in progress than one may.
    SELECT CASE WHEN coalesce(sum(h.n), 0) + p_limit > p_ceiling
                THEN coalesce(jsonb_object_agg(h.merchant_id, h.n), '{}') END INTO v_in_progress
      FROM (SELECT r.merchant_id, count(*) AS n FROM generation_generationrequest r
             WHERE r.state = 'claimed' GROUP BY r.merchant_id) h;

    FOREACH v_lane IN ARRAY ARRAY['interactive', 'bulk'] LOOP
        -- Again while there is room: what one merchant leaves of its share goes to the others.
        LOOP
            EXIT WHEN v_left <= 0;
            v_all_ids := '{}'; v_turns := '{}'; v_times := '{}';
            SELECT array_agg(o.id), coalesce(min(o.virtual_time), 0) INTO v_open, v_start
              FROM open_turns(v_lane, p_only, p_except) o;
            EXIT WHEN v_open IS NULL;
            UPDATE generation_queueturn t SET virtual_time = v_start
             WHERE t.id IN (
                SELECT n.id FROM generation_queueturn n
                 WHERE n.virtual_time IS NULL AND n.id = ANY (v_open) FOR UPDATE SKIP LOCKED);
            SELECT coalesce(sum(w.weight), 0) INTO v_weight_left
              FROM (SELECT t.weight FROM generation_queueturn t WHERE t.id = ANY (v_open)
                     ORDER BY t.virtual_time, t.id LIMIT v_left) w;
            FOR v_turn IN
                SELECT t.id, t.merchant_id, t.model, t.weight, t.virtual_time
                  FROM generation_queueturn t
                 WHERE t.virtual_time IS NOT NULL AND t.id = ANY (v_open)
                 ORDER BY t.virtual_time, t.id LIMIT v_left FOR UPDATE SKIP LOCKED
            LOOP
                EXIT WHEN v_left <= 0;
                v_quota := greatest(1, least(v_left,
                    ceil(v_left * v_turn.weight / greatest(v_weight_left, v_turn.weight))::integer));
                v_weight_left := v_weight_left - v_turn.weight;
                IF v_in_progress IS NOT NULL THEN
                    v_quota := least(v_quota, p_ceiling
                        - coalesce((v_in_progress ->> v_turn.merchant_id::text)::integer, 0));
                END IF;
                SELECT coalesce(array_agg(p.id), '{}') INTO v_ids
                  FROM (SELECT q.id FROM generation_generationrequest q
                         WHERE q.merchant_id = v_turn.merchant_id AND q.lane = v_lane
                           AND q.model = v_turn.model AND q.state = 'queued' AND q.crashes = 0
                           AND q.available_at <= clock_timestamp()
                         ORDER BY q.available_at, q.id
                         LIMIT greatest(v_quota, 0) FOR UPDATE SKIP LOCKED) p;
                IF cardinality(v_ids) > 0 THEN
                    v_left := v_left - cardinality(v_ids);
                    v_all_ids := v_all_ids || v_ids;
                    v_turns := v_turns || v_turn.id;
                    v_times := v_times || (v_turn.virtual_time
                                           + cardinality(v_ids)::double precision / v_turn.weight);
                    IF v_in_progress IS NOT NULL THEN
                        v_in_progress := v_in_progress || jsonb_build_object(
                            v_turn.merchant_id::text, cardinality(v_ids)
                            + coalesce((v_in_progress ->> v_turn.merchant_id::text)::integer, 0));
                    END IF;
                ELSIF (SELECT q.id FROM generation_generationrequest q
                        WHERE q.merchant_id = v_turn.merchant_id AND q.lane = v_lane
                          AND q.model = v_turn.model AND q.state = 'queued' AND q.crashes = 0
                        ORDER BY q.available_at, q.id LIMIT 1) IS NOT NULL
                THEN
                    UPDATE generation_queueturn t
                       SET virtual_time = NULL, woken_at = clock_timestamp() + interval '1 second'
                     WHERE t.id = v_turn.id;
                ELSE
                    DELETE FROM generation_queueturn t WHERE t.id = v_turn.id;
                END IF;
            END LOOP;
            EXIT WHEN v_all_ids = '{}';
            UPDATE generation_queueturn t SET virtual_time = s.virtual_time
              FROM unnest(v_turns, v_times) s(id, virtual_time) WHERE t.id = s.id;
            RETURN QUERY
            WITH claimed AS (
                UPDATE generation_generationrequest r
                   SET state = 'claimed', attempts = r.attempts + 1, worker_id = p_worker_id,
                       fence = p_fence, claimed_at = clock_timestamp()
                 WHERE r.id = ANY (v_all_ids)
                RETURNING r.id, r.merchant_id, r.run_id, r.lane, r.model
            )
            SELECT c.* FROM claimed c JOIN unnest(v_all_ids) WITH ORDINALITY o(id, place) USING (id)
             ORDER BY o.place;
        END LOOP;
    END LOOP;
END $$;

-- What a worker holds by the books: after a broken connection it may not know of a claim.
CREATE FUNCTION held_requests(p_worker_id bigint, p_fence bigint)
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, lane varchar, model varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id, r.merchant_id, r.run_id, r.lane, r.model FROM generation_generationrequest r
     WHERE r.worker_id = p_worker_id AND r.fence = p_fence AND r.state = 'claimed' ORDER BY r.id
$$;

-- Gives back what dead workers held. Returns what changed, so that the caller can move the counts
-- of the runs in the same transaction. One reaper at a time; what is locked is taken the next time.
CREATE FUNCTION reap_expired(p_max_crashes integer)
RETURNS TABLE (request_id bigint, merchant_id bigint, run_id bigint, state varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('generation.reap')) THEN
        RETURN;
    END IF;
    -- A merchant that was switched off and on again starts at the present time too.
    UPDATE generation_queueturn t SET virtual_time = NULL
      FROM tenants_merchant m
     WHERE m.id = t.merchant_id AND NOT m.is_active AND t.virtual_time IS NOT NULL;
    UPDATE generation_inferenceworker SET state = 'lost'
     WHERE state IN ('loading', 'ready', 'failed') AND lease_expires_at < clock_timestamp();
    RETURN QUERY
    WITH held AS (
        SELECT r.id FROM generation_generationrequest r
          JOIN generation_inferenceworker w ON w.id = r.worker_id
         WHERE r.state = 'claimed' AND w.state IN ('lost', 'stopped')
         ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
    )
    UPDATE generation_generationrequest r
       SET crashes = r.crashes + 1, worker_id = NULL, fence = NULL,
           available_at = clock_timestamp(),
           state = CASE WHEN r.is_cancel_requested THEN 'cancelled'
                        WHEN r.crashes + 1 >= p_max_crashes THEN 'quarantined'
                        ELSE 'queued' END,
           finished_at = CASE WHEN r.is_cancel_requested OR r.crashes + 1 >= p_max_crashes
                              THEN clock_timestamp() END,
           error_code = CASE WHEN NOT r.is_cancel_requested AND r.crashes + 1 >= p_max_crashes
                             THEN 'worker_crashed' ELSE '' END
      FROM held WHERE r.id = held.id
    RETURNING r.id, r.merchant_id, r.run_id, r.state;
    INSERT INTO generation_queueturn (merchant_id, lane, model, weight, woken_at)
    WITH RECURSIVE waiting AS (
        (SELECT r.merchant_id, r.lane, r.model FROM generation_generationrequest r
          WHERE r.state = 'queued' AND r.crashes = 0
          ORDER BY r.merchant_id, r.lane, r.model LIMIT 1)
        UNION ALL
        SELECT n.* FROM waiting w, LATERAL (
            SELECT r.merchant_id, r.lane, r.model FROM generation_generationrequest r
             WHERE r.state = 'queued' AND r.crashes = 0
               AND (r.merchant_id, r.lane, r.model) > (w.merchant_id, w.lane, w.model)
             ORDER BY r.merchant_id, r.lane, r.model LIMIT 1) n
    )
    SELECT w.merchant_id, w.lane, w.model, m.queue_weight, clock_timestamp()
      FROM waiting w JOIN tenants_merchant m ON m.id = w.merchant_id
    ON CONFLICT DO NOTHING;
END $$;

-- Whether a worker would find something now.
CREATE FUNCTION work_waits() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM generation_queueturn t
                     JOIN tenants_merchant m ON m.id = t.merchant_id AND m.is_active
                    WHERE t.woken_at <= clock_timestamp())
        OR EXISTS (SELECT FROM generation_generationrequest s
                     JOIN tenants_merchant m ON m.id = s.merchant_id AND m.is_active
                    WHERE s.state = 'queued' AND s.crashes > 0
                      AND s.available_at <= clock_timestamp())
$$;

CREATE FUNCTION lane_figures()
RETURNS TABLE (lane varchar, n_queued bigint, n_claimed bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.lane,
           (SELECT count(*) FROM generation_generationrequest r
             WHERE r.lane = l.lane AND r.state = 'queued' AND r.crashes = 0)
         + (SELECT count(*) FROM generation_generationrequest r
             WHERE r.lane = l.lane AND r.state = 'queued' AND r.crashes > 0),
           (SELECT count(*) FROM generation_generationrequest r
             WHERE r.lane = l.lane AND r.state = 'claimed'),
           (SELECT extract(epoch FROM clock_timestamp() - min(first.created_at))::double precision
              FROM generation_queueturn t, LATERAL (
                SELECT r.created_at FROM generation_generationrequest r
                 WHERE r.merchant_id = t.merchant_id AND r.lane = t.lane AND r.model = t.model
                   AND r.state = 'queued' AND r.crashes = 0
                 ORDER BY r.available_at, r.id LIMIT 1) first
             WHERE t.lane = l.lane)
      FROM unnest(ARRAY['interactive', 'bulk']::varchar[]) l(lane)
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
ALTER FUNCTION holds_lease(bigint, bigint) OWNER TO copydesk_dispatcher;
ALTER FUNCTION claim_suspect(bigint, bigint, text[], text[]) OWNER TO copydesk_dispatcher;
ALTER FUNCTION open_turns(varchar, text[], text[]) OWNER TO copydesk_dispatcher;
ALTER FUNCTION claim_requests(bigint, bigint, integer, integer, text[], text[])
    OWNER TO copydesk_dispatcher;
ALTER FUNCTION held_requests(bigint, bigint) OWNER TO copydesk_dispatcher;
ALTER FUNCTION reap_expired(integer) OWNER TO copydesk_dispatcher;
ALTER FUNCTION work_waits() OWNER TO copydesk_dispatcher;
ALTER FUNCTION lane_figures() OWNER TO copydesk_dispatcher;
ALTER FUNCTION unchecked_requests(integer, integer) OWNER TO copydesk_dispatcher;
SET LOCAL ROLE copydesk_dispatcher;
REVOKE ALL ON FUNCTION renew_leases(bigint, bigint, integer), holds_lease(bigint, bigint),
    open_turns(varchar, text[], text[]),
    claim_suspect(bigint, bigint, text[], text[]),
    claim_requests(bigint, bigint, integer, integer, text[], text[]),
    held_requests(bigint, bigint), reap_expired(integer), work_waits(), lane_figures(),
    unchecked_requests(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION renew_leases(bigint, bigint, integer),
    claim_suspect(bigint, bigint, text[], text[]),
    claim_requests(bigint, bigint, integer, integer, text[], text[]),
    held_requests(bigint, bigint), reap_expired(integer), work_waits(), lane_figures(),
    unchecked_requests(integer, integer) TO copydesk_worker;
RESET ROLE;
