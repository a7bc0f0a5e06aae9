-- job_finish as before, and: a batch notes when its last job has ended, and its
-- callback has its own priority, attempts and limits; a tie to a parent that
-- completed goes when it is counted, so that whoever takes it counts it once.
-- Then the sweep of jobs that wait for others, and a day that is made while jobs
-- end.
-- Lock order: job id ascending, then batch, then rate.
SET search_path = stockroom;

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
  bat AS (UPDATE job_batch b SET ok=b.ok+s.ok, bad=b.bad+s.bad,
      finished_at=CASE WHEN b.sealed AND b.ok+s.ok+b.bad+s.bad>=b.total THEN now() END FROM (SELECT batch_id, count(*) FILTER (WHERE becomes='completed') ok,
      count(*) FILTER (WHERE becomes<>'completed') bad FROM gone WHERE batch_id IS NOT NULL GROUP BY 1) s WHERE b.id=s.batch_id RETURNING b.*),
  cut AS (DELETE FROM job_dep d USING gone g WHERE d.parent=g.id AND g.has_children AND g.becomes='completed' RETURNING d.child),
  dep AS (UPDATE job k SET waiting_on=k.waiting_on-n.n, state=CASE WHEN k.waiting_on-n.n<=0 THEN 'available' ELSE 'blocked' END::job_state
    FROM (SELECT child, count(*)::int n FROM cut GROUP BY 1) n
    WHERE k.id=n.child AND k.state='blocked'),
  cb AS (INSERT INTO job (queue_id,shop_id,shop_epoch,trace,kind,args,unique_key,priority,max_attempts,soft_limit_s,hard_limit_s)
    SELECT b.callback_queue_id,b.shop_id,b.shop_epoch,b.trace,b.callback_kind,jsonb_build_object('batch',b.id,'ok',b.ok,'bad',b.bad),convert_to('batch:'||b.id,'UTF8'),
           b.callback_priority,b.callback_attempts,b.callback_soft_s,b.callback_hard_s
    FROM bat b WHERE b.finished_at IS NOT NULL AND b.callback_kind IS NOT NULL ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING)
  SELECT own.id, own.becomes FROM own;                       -- an id you sent and do not get back was refused by the fence
END $$;

-- What is left in job_dep of parents that have ended and children that are no
-- more. A child whose parent is dead or cancelled is cancelled, or where any end
-- will do counted down; so is one whose parent completed just while the child
-- was put: job_finish had looked before and did not see it. Gives how many were
-- cancelled and how many were counted down. Safe in several jobd at once: a row
-- that another holds is passed by.
CREATE FUNCTION job_untie(p_max int, OUT cancelled bigint, OUT freed bigint)
LANGUAGE plpgsql AS $$
DECLARE
	parents bigint[];
	children bigint[];
	ends text[];
BEGIN
	SELECT array_agg(d.parent), array_agg(d.child), array_agg(CASE
	    WHEN o.outcome = 'completed' OR d.any_end THEN 'free'
	    ELSE 'cancel' END)
	INTO parents, children, ends
	FROM (SELECT * FROM job_dep x
	    WHERE NOT EXISTS (SELECT 1 FROM job p WHERE p.id = x.parent)
		OR NOT EXISTS (SELECT 1 FROM job c WHERE c.id = x.child)
	    ORDER BY x.child, x.parent LIMIT p_max
	    FOR UPDATE OF x SKIP LOCKED) d
	LEFT JOIN LATERAL (SELECT e.outcome FROM job_done e
	    WHERE e.id = d.parent LIMIT 1) o ON true;
	cancelled := 0;
	freed := 0;
	IF parents IS NULL THEN
		RETURN;
	END IF;

	WITH l AS MATERIALIZED (SELECT id FROM job
	    WHERE id = ANY (children) AND state = 'blocked'
	    ORDER BY id FOR UPDATE),
	n AS (SELECT u.child, count(*)::int AS n
	    FROM unnest(children, ends) u(child, how)
	    WHERE u.how = 'free' GROUP BY 1)
	UPDATE job k SET waiting_on = k.waiting_on - n.n,
	    state = CASE WHEN k.waiting_on - n.n <= 0 THEN 'available'
		ELSE 'blocked' END::job_state
	FROM n JOIN l ON l.id = n.child WHERE k.id = n.child;
	GET DIAGNOSTICS freed = ROW_COUNT;

	WITH k AS MATERIALIZED (SELECT j.id, j.epoch, u.parent FROM (
		SELECT w.child, min(w.parent) AS parent
		FROM unnest(parents, children, ends) w(parent, child, how)
		WHERE w.how = 'cancel' GROUP BY 1) u
	    JOIN job j ON j.id = u.child WHERE j.state = 'blocked'
	    ORDER BY j.id FOR UPDATE OF j)
	SELECT count(f.*) INTO cancelled FROM (
	    SELECT array_agg(id) AS i, array_agg(epoch) AS e,
		array_agg('cancelled'::text) AS s,
		array_agg('job ' || parent || ', which it waited for, has failed')
		AS w
	    FROM k HAVING count(*) > 0) a,
	    LATERAL job_finish(a.i, a.e, a.s, NULL, a.w, NULL) f;

	DELETE FROM job_dep d USING unnest(parents, children) u(parent, child)
	WHERE d.parent = u.parent AND d.child = u.child;
END $$;

-- Make one day. Rows that the default partition caught meanwhile are moved
-- first, else Postgres would refuse the bounds. Who puts rows waits before the
-- table: behind it, with the default partition chosen for a row of that day, it
-- would be refused.
CREATE OR REPLACE FUNCTION part_day(p_table text, p_day date) RETURNS void
LANGUAGE plpgsql SET search_path = stockroom, pg_temp AS $$
DECLARE
	part text := p_table || '_' || to_char(p_day, 'YYYYMMDD');
	lo timestamptz := p_day::timestamp AT TIME ZONE 'UTC';
	hi timestamptz := (p_day + 1)::timestamp AT TIME ZONE 'UTC';
	col text := (SELECT a.attname FROM pg_partitioned_table t
	    JOIN pg_attribute a ON a.attrelid = t.partrelid
		AND a.attnum = t.partattrs[0]
	    WHERE t.partrelid = p_table::regclass);
BEGIN
	EXECUTE format('LOCK TABLE ONLY %I IN SHARE ROW EXCLUSIVE MODE', p_table);
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', p_table || '_x');
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, p_table);
	EXECUTE format('WITH late AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 '
	    'RETURNING *) INSERT INTO %I SELECT * FROM late',
	    p_table || '_x', col, col, part) USING lo, hi;
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I '
	    'FOR VALUES FROM (%L) TO (%L)', p_table, part, lo, hi);
END $$;
