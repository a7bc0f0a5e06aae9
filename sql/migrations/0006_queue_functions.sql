-- The queue's functions (queue.md 3), in plpgsql and SQL. They run with their
-- caller's rights: jobd sees all rows, ops and the others one shop's.
-- Lock order: job id ascending, then batch, then rate.
SET search_path = stockroom;

CREATE FUNCTION job_claim(p_queue smallint, p_worker bigint, p_want int, p_after bigint, p_lanes int) RETURNS SETOF job LANGUAGE plpgsql AS $$
DECLARE c queue; room int; r rate;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7001, p_queue) THEN RETURN; END IF;     -- one claimer per queue at a time: caps are exact
  PERFORM 1 FROM worker w WHERE w.id=p_worker AND w.lease_until > now();
  IF NOT FOUND THEN RAISE 'worker % has no lease', p_worker; END IF;
  SELECT * INTO c FROM queue WHERE id=p_queue;
  IF c.paused THEN RETURN; END IF;
  SELECT least(p_want, c.max_running - count(*)) INTO room FROM job WHERE queue_id=p_queue AND state='running';
  IF c.rate_key IS NOT NULL AND room > 0 THEN
    SELECT * INTO r FROM rate WHERE key=c.rate_key FOR UPDATE;
    IF NOT FOUND THEN RAISE 'queue % names no rate %', p_queue, c.rate_key; END IF;
    r.tokens := least(r.burst, r.tokens + r.per_s*extract(epoch FROM now()-r.at));
    IF r.hold_until > now() THEN r.tokens := least(r.tokens,0); END IF;
    room := least(room, floor(r.tokens)::int);
  END IF;
  IF room <= 0 THEN RETURN; END IF;
  RETURN QUERY
  WITH RECURSIVE busy AS MATERIALIZED (SELECT shop_id, count(*)::int n FROM job WHERE queue_id=p_queue AND state='running' GROUP BY 1),
  lane(shop_id, k) AS (                                  -- loose index scan: each shop with ready work, once
    (SELECT shop_id, 1 FROM job WHERE queue_id=p_queue AND state='available' AND shop_id > p_after ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT n.shop_id, l.k+1 FROM lane l CROSS JOIN LATERAL
      (SELECT j.shop_id FROM job j WHERE j.queue_id=p_queue AND j.state='available' AND j.shop_id > l.shop_id ORDER BY j.shop_id LIMIT 1) n WHERE l.k < p_lanes),
  cand AS (
    SELECT t.id, t.priority, t.run_at, coalesce(b.n,0) + row_number() OVER (PARTITION BY l.shop_id ORDER BY t.priority, t.run_at, t.id) AS turn
      FROM lane l LEFT JOIN busy b USING (shop_id) LEFT JOIN shop_limit s ON s.queue_id=p_queue AND s.shop_id=l.shop_id
      CROSS JOIN LATERAL (SELECT j.id, j.priority, j.run_at FROM job j WHERE j.queue_id=p_queue AND j.state='available' AND j.shop_id=l.shop_id
        ORDER BY j.priority, j.run_at, j.id LIMIT greatest(0, least(room, coalesce(s.max_running_per_shop, c.max_running_per_shop) - coalesce(b.n,0)))) t),
  pick AS MATERIALIZED (SELECT id FROM cand ORDER BY priority, turn, run_at, id LIMIT room),
  mine AS MATERIALIZED (SELECT j.id FROM job j JOIN pick USING (id) WHERE j.state='available' FOR UPDATE OF j SKIP LOCKED)
  UPDATE job j SET state='running', worker_id=p_worker, epoch=j.epoch+1, attempt=j.attempt+1, started_at=now(), run_again=false
    FROM mine WHERE j.id=mine.id RETURNING j.*;
  GET DIAGNOSTICS room = ROW_COUNT;
  IF c.rate_key IS NOT NULL THEN UPDATE rate SET tokens=r.tokens-room, at=now() WHERE key=c.rate_key; END IF;
END $$;

-- p_floor: least delay in seconds (Retry-After); full jitter: random * min(3600, 2 * 2^attempt)
CREATE FUNCTION job_finish(p_id bigint[], p_epoch int[], p_said text[], p_result jsonb[], p_error text[], p_floor float8[])
RETURNS TABLE (id bigint, became text) LANGUAGE sql AS $$
  WITH i AS MATERIALIZED (SELECT u.* FROM unnest(p_id,p_epoch,p_said,p_result,p_error,p_floor) u(id,epoch,said,result,error,floor_s)),
  own AS MATERIALIZED (
    SELECT j.id, i.result, i.error, i.floor_s,
      CASE WHEN j.cancel_at IS NOT NULL AND (i.said NOT IN ('completed','dead') OR (i.said='completed' AND j.run_again)) THEN 'cancelled'
           WHEN i.said='lost' AND j.crashes>=2 THEN 'dead'                          -- third lost worker: poison, dead letter
           WHEN i.said='failed' THEN CASE WHEN j.attempt < j.max_attempts THEN 'retry' ELSE 'dead' END
           WHEN i.said='completed' AND j.run_again THEN 'again' ELSE i.said END AS becomes
    FROM job j JOIN i ON j.id=i.id AND j.epoch=i.epoch WHERE j.state='running' OR i.said='cancelled' ORDER BY j.id FOR UPDATE OF j),
  gone AS (DELETE FROM job j USING own WHERE j.id=own.id AND own.becomes IN ('completed','dead','cancelled') RETURNING j.*, own.becomes, own.result, own.error AS last_error),
  arch AS (INSERT INTO job_done (id,queue_id,shop_id,kind,outcome,args,result,error,batch_id,attempt,epoch,shop_epoch,trace,created_at,started_at)
    SELECT g.id,g.queue_id,g.shop_id,g.kind,g.becomes::job_outcome,CASE WHEN g.becomes='completed' THEN NULL ELSE g.args END,g.result,coalesce(g.last_error,g.error),
           g.batch_id,g.attempt,g.epoch,g.shop_epoch,g.trace,g.created_at,g.started_at FROM gone g),
  back AS (UPDATE job j SET worker_id=NULL, run_again=false, error=own.error, state=CASE WHEN own.becomes IN ('again','orphaned','suspect') THEN 'available' ELSE 'scheduled' END::job_state,
      epoch=j.epoch+1, crashes=j.crashes+(own.becomes='lost')::int, suspect=j.suspect OR own.becomes='suspect',
      attempt=CASE WHEN own.becomes='again' THEN 0 WHEN own.becomes IN ('snoozed','orphaned','suspect') THEN j.attempt-1 ELSE j.attempt END,
      run_at=now()+make_interval(secs => greatest(coalesce(own.floor_s,0),
        CASE WHEN own.becomes IN ('retry','lost') THEN random()*least(3600, 2.0*power(2,least(j.attempt,20))) ELSE 0 END))
    FROM own WHERE j.id=own.id AND own.becomes IN ('retry','lost','again','snoozed','orphaned','suspect')),
  bat AS (UPDATE job_batch b SET ok=b.ok+s.ok, bad=b.bad+s.bad FROM (SELECT batch_id, count(*) FILTER (WHERE becomes='completed') ok,
      count(*) FILTER (WHERE becomes<>'completed') bad FROM gone WHERE batch_id IS NOT NULL GROUP BY 1) s WHERE b.id=s.batch_id RETURNING b.*),
  dep AS (UPDATE job k SET waiting_on=k.waiting_on-n.n, state=CASE WHEN k.waiting_on-n.n<=0 THEN 'available' ELSE 'blocked' END::job_state
    FROM (SELECT d.child, count(*)::int n FROM gone g JOIN job_dep d ON d.parent=g.id WHERE g.has_children AND g.becomes='completed' GROUP BY 1) n
    WHERE k.id=n.child AND k.state='blocked'),
  cb AS (INSERT INTO job (queue_id,shop_id,shop_epoch,trace,kind,args,unique_key)
    SELECT b.callback_queue_id,b.shop_id,b.shop_epoch,b.trace,b.callback_kind,jsonb_build_object('batch',b.id,'ok',b.ok,'bad',b.bad),convert_to('batch:'||b.id,'UTF8')
    FROM bat b WHERE b.sealed AND b.ok+b.bad>=b.total AND b.callback_kind IS NOT NULL ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING)
  SELECT own.id, own.becomes FROM own;                       -- an id you sent and do not get back was refused by the fence
$$;
CREATE FUNCTION job_rescue(p_max int) RETURNS bigint LANGUAGE sql AS $$
  WITH lost AS MATERIALIZED (SELECT j.id, j.epoch FROM job j LEFT JOIN worker w ON w.id=j.worker_id
    WHERE j.state='running' AND (w.id IS NULL OR w.lease_until < now()) ORDER BY j.id LIMIT p_max FOR UPDATE OF j SKIP LOCKED)
  SELECT count(f.*) FROM (SELECT array_agg(id) i, array_agg(epoch) e, array_agg('orphaned'::text) o FROM lost HAVING count(*) > 0) a,
    LATERAL job_finish(a.i, a.e, a.o, NULL, array_fill('jobd lost'::text, ARRAY[cardinality(a.i)]), NULL) f;
$$;
CREATE FUNCTION job_stage(p_max int) RETURNS int LANGUAGE sql AS $$
  WITH d AS MATERIALIZED (SELECT id FROM job WHERE state='scheduled' AND run_at<=now() ORDER BY run_at LIMIT p_max FOR UPDATE SKIP LOCKED),
  u AS (UPDATE job j SET state='available' FROM d WHERE j.id=d.id RETURNING 1) SELECT count(*)::int FROM u;
$$;
CREATE FUNCTION job_cancel(p_id bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE j job;
BEGIN
  SELECT * INTO j FROM job WHERE id=p_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not live'; END IF;
  IF j.state <> 'running' THEN PERFORM job_finish(ARRAY[j.id],ARRAY[j.epoch],ARRAY['cancelled'],NULL,NULL,NULL); RETURN 'cancelled'; END IF;
  UPDATE job SET cancel_at=coalesce(cancel_at,now()) WHERE id=p_id;
  PERFORM pg_notify('jobd_cancel', j.worker_id||' '||j.id); RETURN 'asked';
END $$;
