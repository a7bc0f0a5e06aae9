-- Plans of the queue's functions that hold for a table of any size.
--
-- A plan that is kept may have been made while job was empty, when to read all of
-- it cost nothing; with a million jobs waiting each claim would read them all.
-- And job_rescue went through the jobs by their number to find those that run: a
-- second of each second. It asks job_run first, which has these alone.
SET search_path = stockroom;

CREATE OR REPLACE FUNCTION job_rescue(p_max int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (WITH own AS MATERIALIZED (SELECT j.id, j.epoch, j.worker_id FROM job j WHERE j.state='running'),
  left_over AS MATERIALIZED (SELECT o.id, o.epoch FROM own o LEFT JOIN worker w ON w.id=o.worker_id
    WHERE w.id IS NULL OR w.lease_until < now() LIMIT p_max),
  lost AS MATERIALIZED (SELECT j.id, j.epoch FROM job j JOIN left_over l ON l.id=j.id AND l.epoch=j.epoch
    WHERE j.state='running' ORDER BY j.id FOR UPDATE OF j SKIP LOCKED)
  SELECT count(f.*) FROM (SELECT array_agg(id) i, array_agg(epoch) e, array_agg('orphaned'::text) o FROM lost HAVING count(*) > 0) a,
    LATERAL job_finish(a.i, a.e, a.o, NULL, array_fill('jobd lost'::text, ARRAY[cardinality(a.i)]), NULL) f);
END $$;

ALTER FUNCTION job_lanes(smallint, bigint, int) SET enable_seqscan = off;
ALTER FUNCTION job_claim(smallint, bigint, int, bigint, int, bigint[], text[], int[]) SET enable_seqscan = off;
ALTER FUNCTION job_take(bigint, int[], text[], smallint, smallint[], bigint[], int) SET enable_seqscan = off;
ALTER FUNCTION job_finish(bigint[], int[], text[], jsonb[], text[], float8[]) SET enable_seqscan = off;
ALTER FUNCTION job_rescue(int) SET enable_seqscan = off;
ALTER FUNCTION job_stage(int) SET enable_seqscan = off;
