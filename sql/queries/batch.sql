-- Batches (queue.md 4). job_finish counts what ends.

-- name: batch_put
-- An open batch. Gives its number. $1 shop, $2 shop's epoch, $3 trace, then of
-- the callback, or null: $4 queue, $5 kind, $6 priority, $7 attempts, $8 soft
-- and $9 hard limit in seconds.
INSERT INTO job_batch (shop_id, shop_epoch, trace, callback_queue_id,
	callback_kind, callback_priority, callback_attempts, callback_soft_s,
	callback_hard_s)
VALUES ($1::bigint, $2::int, $3::bytea, $4::smallint, $5::text, $6::smallint,
	$7::smallint, $8::int, $9::int)
RETURNING id;

-- name: batch_add
-- So many jobs came into it; no row when it takes none any more. Uses the
-- primary key. $1 shop, $2 batch, $3 how many.
UPDATE job_batch SET total = total + $3::int WHERE shop_id = $1::bigint
	AND id = $2::bigint AND NOT sealed AND cancelled_at IS NULL
RETURNING total;

-- name: batch_seal
-- Nothing more is added; when all have ended already, the callback is put. Who
-- comes first, this or the last job's end, holds the row, so one of them puts
-- it. Gives whether it was open. Uses the primary key. $1 shop, $2 batch.
WITH b AS (UPDATE job_batch SET sealed = true,
	finished_at = CASE WHEN ok + bad >= total THEN now() END
    WHERE shop_id = $1::bigint
	AND id = $2::bigint AND NOT sealed RETURNING *),
cb AS (INSERT INTO job (queue_id, shop_id, shop_epoch, trace, kind, args,
	unique_key, priority, max_attempts, soft_limit_s, hard_limit_s)
    SELECT b.callback_queue_id, b.shop_id, b.shop_epoch, b.trace,
	b.callback_kind, jsonb_build_object('batch', b.id, 'ok', b.ok,
	    'bad', b.bad), convert_to('batch:' || b.id, 'UTF8'),
	b.callback_priority, b.callback_attempts, b.callback_soft_s,
	b.callback_hard_s
    FROM b WHERE b.finished_at IS NOT NULL AND b.callback_kind IS NOT NULL
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL DO NOTHING)
SELECT true FROM b
UNION ALL
SELECT false FROM job_batch WHERE shop_id = $1
	AND id = $2 AND NOT EXISTS (SELECT 1 FROM b);

-- name: batch_load
-- How far it is. Uses the primary key. $1 shop, $2 batch.
SELECT id, shop_id, total, ok, bad, sealed,
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM cancelled_at)::bigint,
	extract(epoch FROM finished_at)::bigint
FROM job_batch WHERE shop_id = $1::bigint
	AND id = $2::bigint;

-- name: batch_cancel
-- It takes no more. Uses the primary key. $1 shop, $2 batch.
UPDATE job_batch SET cancelled_at = coalesce(cancelled_at, now())
WHERE shop_id = $1::bigint
	AND id = $2::bigint RETURNING id;

-- name: batch_cancel_waiting
-- End jobs of a batch that do not run. Gives how many. Uses job_batch_jobs.
-- $1 shop, $2 batch, $3 at most.
WITH w AS MATERIALIZED (SELECT id, epoch FROM job WHERE shop_id = $1::bigint
	AND batch_id = $2::bigint AND state <> 'running'
    ORDER BY id LIMIT $3::int FOR UPDATE)
SELECT count(f.*) FROM (SELECT array_agg(id) AS i, array_agg(epoch) AS e,
	array_agg('cancelled'::text) AS s,
	array_agg('its batch was cancelled'::text) AS r
    FROM w HAVING count(*) > 0) a,
LATERAL job_finish(a.i, a.e, a.s, NULL, a.r, NULL) f;

-- name: batch_cancel_running
-- Ask those that run to stop. Gives how many were not asked before. Uses
-- job_batch_jobs. $1 shop, $2 batch.
WITH u AS (UPDATE job SET cancel_at = now() WHERE shop_id = $1::bigint
	AND batch_id = $2::bigint AND state = 'running' AND cancel_at IS NULL
    RETURNING id, worker_id)
SELECT count(pg_notify('jobd_cancel', worker_id || ' ' || id)) FROM u;

-- name: batch_prune
-- Batches that ended, or were forgotten open and empty, so long ago that their
-- jobs are not kept either. Reads the whole table, which has a row a batch; uses
-- job_batch_jobs. $1 days.
DELETE FROM job_batch b
WHERE coalesce(b.finished_at, b.created_at) < now()
	- make_interval(days => $1::int)
	AND NOT EXISTS (SELECT 1 FROM job j WHERE j.batch_id = b.id);
