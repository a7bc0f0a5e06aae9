-- Claims of all queues in one statement, and settlements whose plan is kept.
--
-- job_finish was a function in SQL, of which every call is planned anew: a
-- millisecond or two. In plpgsql the plan stays with the connection.
--
-- What jobd may claim is said by class: a job of a short soft limit may be
-- claimed ahead of the children, any other only for a child that is free
-- (queue.md 5).
SET search_path = stockroom;

-- The shops of a queue that have something ready, behind p_after, p_most of
-- them: one index probe each. NULL when there is none.
CREATE FUNCTION job_lanes(p_queue smallint, p_after bigint, p_most int) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (WITH RECURSIVE lane(shop_id, k) AS (
    (SELECT j.shop_id, 1 FROM job j WHERE j.queue_id=p_queue AND j.state='available' AND j.shop_id > p_after ORDER BY j.shop_id LIMIT 1)
    UNION ALL
    SELECT n.shop_id, l.k+1 FROM lane l CROSS JOIN LATERAL
      (SELECT j.shop_id FROM job j WHERE j.queue_id=p_queue AND j.state='available' AND j.shop_id > l.shop_id ORDER BY j.shop_id LIMIT 1) n WHERE l.k < p_most)
  SELECT array_agg(lane.shop_id ORDER BY lane.k) FROM lane);
END $$;

-- p_want jobs at most, fairly, of p_lanes shops behind p_after, which is what
-- p_have has where the caller knows it. p_room says how many of each class may
-- be among them: short, long (a soft limit of more than 10 s), of the io pool
-- (kinds in p_io), suspects; p_want is for all of them together.
DROP FUNCTION job_claim(smallint, bigint, int, bigint, int);
CREATE FUNCTION job_claim(p_queue smallint, p_worker bigint, p_want int, p_after bigint, p_lanes int,
  p_have bigint[] DEFAULT NULL, p_io text[] DEFAULT '{}', p_room int[] DEFAULT NULL) RETURNS SETOF job LANGUAGE plpgsql AS $$
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
  WITH busy AS MATERIALIZED (SELECT shop_id, count(*)::int n FROM job WHERE queue_id=p_queue AND state='running' GROUP BY 1),
  lane AS MATERIALIZED (
    SELECT l.shop_id, coalesce(b.n,0) AS n, least(room, coalesce(s.max_running_per_shop, c.max_running_per_shop) - coalesce(b.n,0)) AS most
      FROM unnest(coalesce(p_have, job_lanes(p_queue, p_after, p_lanes))) l(shop_id) LEFT JOIN busy b USING (shop_id) LEFT JOIN shop_limit s ON s.queue_id=p_queue AND s.shop_id=l.shop_id),
  cand AS (
    SELECT t.id, t.priority, t.run_at, l.n + row_number() OVER (PARTITION BY l.shop_id ORDER BY t.priority, t.run_at, t.id) AS turn,
        CASE WHEN t.suspect THEN 4 WHEN t.kind = ANY(p_io) THEN 3 WHEN t.soft_limit_s > 10 THEN 2 ELSE 1 END AS class
      FROM lane l CROSS JOIN LATERAL (SELECT j.id, j.priority, j.run_at, j.suspect, j.kind, j.soft_limit_s FROM job j
        WHERE j.queue_id=p_queue AND j.state='available' AND j.shop_id=l.shop_id
        ORDER BY j.priority, j.run_at, j.id LIMIT greatest(0, l.most)) t),
  pick AS MATERIALIZED (
    SELECT k.id FROM (SELECT cand.*, row_number() OVER (PARTITION BY class ORDER BY priority, turn, run_at, id) AS at FROM cand) k
      WHERE k.at <= coalesce(p_room[k.class], room) ORDER BY k.priority, k.turn, k.run_at, k.id LIMIT room),
  mine AS MATERIALIZED (SELECT j.id FROM job j JOIN pick USING (id) WHERE j.state='available' FOR UPDATE OF j SKIP LOCKED)
  UPDATE job j SET state='running', worker_id=p_worker, epoch=j.epoch+1, attempt=j.attempt+1, started_at=now(), run_again=false
    FROM mine WHERE j.id=mine.id RETURNING j.*;
  GET DIAGNOSTICS room = ROW_COUNT;
  IF c.rate_key IS NOT NULL THEN UPDATE rate SET tokens=r.tokens-room, at=now() WHERE key=c.rate_key; END IF;
END $$;

-- Due jobs of all queues that have some, the queues behind p_last first, each
-- with its share of p_room (what is long counts as short, too); of each queue the shops behind p_after (p_queues
-- and p_after are one list), where it has more shops than p_lanes. Beside the
-- jobs a row without an id for each such queue: where to begin the next time.
-- shop_now is the epoch that the job's shop has now: who runs it compares.
CREATE FUNCTION job_take(p_worker bigint, p_room int[], p_io text[], p_last smallint, p_queues smallint[], p_after bigint[], p_lanes int)
RETURNS TABLE (id bigint, queue_id smallint, shop_id bigint, priority smallint, kind text, args jsonb, epoch int, attempt smallint, max_attempts smallint,
  crashes smallint, soft_limit_s int, hard_limit_s int, shop_epoch int, shop_now int, trace bytea, suspect boolean, waited_s float8, queue text, after bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH ready AS MATERIALIZED (
    SELECT q.id, q.name, coalesce(a.after, -1) AS after, l.lanes, count(*) OVER () AS n, row_number() OVER (ORDER BY q.id <= p_last, q.id) AS i
      FROM queue q LEFT JOIN unnest(p_queues, p_after) a(queue_id, after) ON a.queue_id=q.id
      CROSS JOIN LATERAL (SELECT job_lanes(q.id, coalesce(a.after, -1), p_lanes) AS lanes) l
      WHERE NOT q.paused AND l.lanes IS NOT NULL),
  share AS MATERIALIZED (SELECT ready.*, ARRAY(SELECT (p.most*(n-i+1))/n - (p.most*(n-i))/n FROM unnest(p_room) WITH ORDINALITY p(most, at) ORDER BY p.at)::int[] AS room FROM ready)
  SELECT j.id, j.queue_id, j.shop_id, j.priority, j.kind, j.args, j.epoch, j.attempt, j.max_attempts, j.crashes, j.soft_limit_s, j.hard_limit_s,
      j.shop_epoch, (SELECT p.epoch FROM shop p WHERE p.shop_id=j.shop_id), j.trace, j.suspect, extract(epoch FROM now() - j.run_at)::float8, s.name, NULL::bigint
    FROM share s CROSS JOIN LATERAL job_claim(s.id, p_worker, s.room[1]+s.room[3]+s.room[4], s.after, p_lanes, s.lanes, p_io, s.room) j
  UNION ALL
  SELECT NULL, s.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, s.name,
      CASE WHEN cardinality(s.lanes) < p_lanes THEN -1 ELSE s.lanes[p_lanes] END
    FROM share s;
END $$;

-- As before, and: a run that ended by its handler's own word, with more to come,
-- ends the count of crashes, or a job that lives for ever would add up one a
-- year; and one that ran alone and did not crash is no suspect any more.
CREATE OR REPLACE FUNCTION job_finish(p_id bigint[], p_epoch int[], p_said text[], p_result jsonb[], p_error text[], p_floor float8[])
RETURNS TABLE (id bigint, became text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
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
      epoch=j.epoch+1, crashes=CASE WHEN own.becomes='lost' THEN j.crashes+1 WHEN own.becomes IN ('again','snoozed') THEN 0 ELSE j.crashes END,
      suspect=CASE WHEN own.becomes='suspect' THEN true WHEN own.becomes IN ('again','snoozed','retry') THEN false ELSE j.suspect END,
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
END $$;
