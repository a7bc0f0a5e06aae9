-- The queue (queue.md 3, 4). jobd's statements work on all shops' rows at
-- once; those that stand for one shop have its number as $1.

-- name: job_take
-- Take due jobs of all queues, fairly among queues and shops. Uses job_ready,
-- job_run. $1 our worker id, $2 room for short, long, io and suspect ones,
-- $3 kinds of the io pool, $4 the queue behind which to begin, $5 queues and
-- $6 for each the shop after which to begin (-1 = the first), $7 shops to look
-- at in a queue.
SELECT NULL AS became, id, queue_id, shop_id, priority, kind, args, epoch,
	attempt, max_attempts, crashes, soft_limit_s, hard_limit_s, shop_epoch,
	shop_now, trace, suspect, waited_s, queue, after
FROM job_take($1::bigint, $2::int[], $3::text[], $4::smallint,
	$5::smallint[], $6::bigint[], $7::int);

-- name: job_turn
-- job_finish, and behind it job_take. Uses what they use. $1 to $6 as the one,
-- $7 to $13 as the other.
SELECT became, id, NULL::smallint AS queue_id, NULL::bigint AS shop_id,
	NULL::smallint AS priority, NULL AS kind, NULL::jsonb AS args,
	NULL::int AS epoch, NULL::smallint AS attempt,
	NULL::smallint AS max_attempts, NULL::smallint AS crashes,
	NULL::int AS soft_limit_s, NULL::int AS hard_limit_s,
	NULL::int AS shop_epoch, NULL::int AS shop_now, NULL::bytea AS trace,
	NULL::bool AS suspect, NULL::float8 AS waited_s, NULL AS queue,
	NULL::bigint AS after
FROM job_finish($1::bigint[], $2::int[], $3::text[], $4::jsonb[], $5::text[],
	$6::float8[])
UNION ALL
SELECT NULL, id, queue_id, shop_id, priority, kind, args, epoch, attempt,
	max_attempts, crashes, soft_limit_s, hard_limit_s, shop_epoch,
	shop_now, trace, suspect, waited_s, queue, after
FROM job_take($7::bigint, $8::int[], $9::text[], $10::smallint,
	$11::smallint[], $12::bigint[], $13::int);

-- name: job_finish
-- Settle jobs; an id that does not come back was refused by the fence. Uses
-- the primary key. Arrays of one length: $1 ids, $2 epochs, $3 what was said
-- (completed failed dead snoozed cancelled lost suspect orphaned), $4 results,
-- $5 errors, $6 least delays in seconds.
SELECT id, became
FROM job_finish($1::bigint[], $2::int[], $3::text[], $4::jsonb[], $5::text[],
	$6::float8[]);

-- name: job_rescue
-- Give back the jobs of jobds whose lease is over. Uses job_run. $1 at most.
SELECT job_rescue($1::int);

-- name: job_stage
-- Make due jobs available. Uses job_due. $1 at most.
SELECT job_stage($1::int);

-- name: job_cancel
-- Cancel: 'cancelled' at once, 'asked' when it runs; no row, or 'not live', when
-- there is none. Uses the primary key. $1 shop or null, $2 id.
SELECT job_cancel(id) FROM job
WHERE ($1::bigint IS NULL OR shop_id = $1) AND id = $2::bigint;

-- name: job_fence
-- Is this run still mine? No row: stop and roll back. While the transaction
-- lasts, rescue passes the job by. Uses the primary key. $1 id, $2 epoch.
SELECT 1 FROM job WHERE id = $1::bigint AND epoch = $2::int
	AND state = 'running' FOR SHARE;

-- name: worker_put
-- A jobd begins its life, or a new one after a lost lease. Gives its id.
-- $1 host, $2 process.
INSERT INTO worker (host, pid, lease_until)
VALUES ($1::text, $2::int, now() + interval '10 s') RETURNING id;

-- name: worker_beat
-- Renew the lease, every 3 s. No row: it is lost; kill all children and begin
-- anew. Uses the primary key. $1 id, $2 has room.
UPDATE worker SET lease_until = now() + interval '10 s', idle = $2::bool
WHERE id = $1::bigint AND lease_until > now() RETURNING id;

-- name: worker_drop
-- A jobd ends, after all its jobs are settled. Uses the primary key. $1 id.
DELETE FROM worker WHERE id = $1::bigint;

-- name: worker_prune
-- Rows of jobds that died long ago and have no job left. Reads the whole
-- table, which has a row a jobd.
DELETE FROM worker w WHERE w.lease_until < now() - interval '1 hour'
	AND NOT EXISTS (SELECT 1 FROM job j
	    WHERE j.state = 'running' AND j.worker_id = w.id);

-- name: job_of_worker
-- The jobs that I have by the database's word: whether someone asked to cancel
-- it, and for how many seconds it showed no progress. Uses job_run and
-- job_progress's primary key. $1 worker.
SELECT j.id, j.epoch, j.cancel_at IS NOT NULL,
	extract(epoch FROM now() - greatest(j.started_at, p.at))::int
FROM job j LEFT JOIN job_progress p ON p.id = j.id AND p.epoch = j.epoch
WHERE j.worker_id = $1::bigint AND j.state = 'running';

-- name: job_wake_idle
-- Wake a jobd on another host, only when one has room: a NOTIFY in each
-- transaction would cost a third of the rate. Reads worker, a row a jobd.
SELECT pg_notify('jobd', '') WHERE EXISTS
	(SELECT 1 FROM worker WHERE idle AND lease_until > now());

-- name: job_note_put
-- Write down a line for people; no row back when the job's 32 KB are full.
-- Uses job_note_job. $1 shop, $2 job, $3 text.
INSERT INTO job_note (shop_id, job_id, text)
SELECT $1::bigint, $2::bigint, $3::text
WHERE octet_length($3::text) + (SELECT coalesce(sum(octet_length(n.text)), 0)
	FROM job_note n WHERE n.shop_id = $1 AND n.job_id = $2) <= 32768
RETURNING id;

-- name: job_note_list
-- A job's notes, oldest first. Uses job_note_job. $1 shop, $2 job.
SELECT id, extract(epoch FROM at)::bigint AS at, text FROM job_note
WHERE shop_id = $1
	AND job_id = $2::bigint ORDER BY id;

-- name: job_progress_save
-- How far a running job is; an older run's word changes nothing (no row).
-- Uses the primary key. $1 shop, $2 job, $3 epoch, $4 done, $5 total or null,
-- $6 note or null.
INSERT INTO job_progress AS p (shop_id, id, epoch, done, total, note, at)
VALUES ($1::bigint, $2::bigint, $3::int, $4::bigint, $5::bigint, $6::text,
	clock_timestamp())
ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, done = excluded.done,
	total = excluded.total, note = excluded.note, at = excluded.at
	WHERE p.shop_id = $1 AND p.epoch <= excluded.epoch
RETURNING id;

-- name: job_progress_prune
-- How far jobs were that are no more. Reads the whole table, which has a row a
-- live job that says how far it is; uses job's primary key.
DELETE FROM job_progress p WHERE p.at < now() - interval '1 hour'
	AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = p.id);

-- name: job_note_prune
-- What jobs wrote down that ended so long ago that they are not kept either.
-- Reads the whole table; uses job's primary key. $1 days.
DELETE FROM job_note n WHERE n.at < now() - make_interval(days => $1::int)
	AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = n.job_id);
