-- Pulls and their parts. The job of a part is named 'pull:<id>:<resource>' and
-- goes round once a page; in bulk it is named by its kind (bulk.sql). A part that says it is going on but has no such job
-- any more (it ended dead without a word, a crash three times) is shown failed.

-- name: pull_put
-- A new pull. $1 shop, $2 id, $3 mode, $4 resources, $5 since or null,
-- $6 shop's epoch, $7 who asked, $8 trace.
INSERT INTO pull (shop_id, id, mode, resources, since, shop_epoch, asked_by,
	trace)
VALUES ($1::bigint, $2::uuid, $3::text, $4::text[], to_timestamp($5::float8),
	$6::int, $7::text, $8::bytea);

-- name: pull_part_put
-- Its parts. Uses the pull's primary key. $1 shop, $2 pull.
INSERT INTO pull_part (shop_id, pull_id, resource, mode)
SELECT shop_id, id, unnest(resources), mode FROM pull
WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: pull_load
-- One pull. Uses the primary key. $1 shop, $2 id.
SELECT id, mode, state, extract(epoch FROM since)::bigint, shop_epoch,
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, error
FROM pull WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: pull_list
-- Pulls, newest first. Uses the primary key (ids sort by time).
-- $1 shop, $2 id after which to go on or null, $3 at most.
SELECT id, mode, state, extract(epoch FROM since)::bigint, shop_epoch,
	extract(epoch FROM created_at)::bigint,
	extract(epoch FROM started_at)::bigint,
	extract(epoch FROM finished_at)::bigint, error
FROM pull WHERE shop_id = $1::bigint AND ($2::uuid IS NULL OR id < $2::uuid)
ORDER BY id DESC LIMIT $3::int;

-- name: pull_part_list
-- The parts of some pulls, with the job of each that is still live. Uses the
-- primary key and job_unique_key. $1 shop, $2 pulls.
SELECT p.pull_id, p.resource, CASE WHEN p.state IN ('queued', 'running')
	    AND j.id IS NULL THEN 'failed' ELSE p.state END,
	p.done, p.total, p.pages, p.children, p.cost_points,
	CASE WHEN p.state IN ('queued', 'running') AND j.id IS NULL
	    THEN 'its job ended without finishing it' ELSE p.error END,
	extract(epoch FROM p.started_at)::bigint,
	extract(epoch FROM p.finished_at)::bigint, j.id, j.error,
	j.state::text, extract(epoch FROM j.run_at)::bigint, p.mode,
	p.bulk_id, p.bulk_status, p.bulk_objects, p.file_bytes, p.read_bytes
FROM pull_part p LEFT JOIN job j ON j.shop_id = $1
	AND j.unique_key = ANY (ARRAY(SELECT sha256(convert_to(w || ':'
	    || p.pull_id || ':' || p.resource, 'UTF8'))
	    FROM unnest(ARRAY['pull', 'bulk_start', 'bulk_poll',
		'bulk_import', 'bulk_repair']) w))
WHERE p.shop_id = $1::bigint AND p.pull_id = ANY ($2::uuid[])
ORDER BY p.pull_id, array_position(
	ARRAY['products', 'customers', 'orders', 'transactions'], p.resource);

-- name: pull_part_load
-- One part and what its page needs to know of the pull. Uses the primary keys.
-- $1 shop, $2 pull, $3 resource.
SELECT p.state, p.cursor, p.page_size, p.pages, p.done, p.total, u.state,
	to_char(coalesce(p.window_from, u.since) AT TIME ZONE 'UTC',
	    'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	u.shop_epoch, extract(epoch FROM p.window_from)::bigint, p.mode
FROM pull_part p JOIN pull u ON u.shop_id = p.shop_id AND u.id = p.pull_id
WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid
	AND p.resource = $3::text;

-- name: pull_start
-- The first page of any part begins the pull. Uses the primary key.
-- $1 shop, $2 pull.
UPDATE pull SET state = 'running', started_at = coalesce(started_at, now())
WHERE shop_id = $1::bigint AND id = $2::uuid AND state = 'queued';

-- name: pull_part_begin
-- A part begins: how many there are, by Shopify's count. Uses the primary key.
-- $1 shop, $2 pull, $3 resource, $4 total or null.
UPDATE pull_part SET state = 'running', total = $4::bigint,
	started_at = coalesce(started_at, now())
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running');

-- name: pull_part_advance
-- A page is kept: move the cursor, add what it brought; no row when the part
-- is not going on any more. Uses the primary key. $1 shop, $2 pull,
-- $3 resource, $4 new cursor, $5 page size, $6 objects, $7 children by kind,
-- $8 points, $9 'running' or 'completed', $10 a new window's start or null.
UPDATE pull_part p SET cursor = $4::text, page_size = $5::int,
	window_from = coalesce(to_timestamp($10::float8), p.window_from),
	pages = p.pages + 1, done = p.done + $6::bigint,
	children = p.children || (SELECT coalesce(jsonb_object_agg(c.key,
	    coalesce((p.children ->> c.key)::bigint, 0) + c.value::bigint), '{}')
	    FROM jsonb_each_text($7::jsonb) c),
	cost_points = p.cost_points + $8::bigint, state = $9::text, error = NULL,
	finished_at = CASE WHEN $9::text = 'running' THEN NULL ELSE now() END
WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid
	AND p.resource = $3::text AND p.state IN ('queued', 'running')
RETURNING p.done;

-- name: pull_part_fail
-- A part ends for good. Uses the primary key. $1 shop, $2 pull, $3 resource,
-- $4 why, for people.
UPDATE pull_part SET state = 'failed', error = $4::text, finished_at = now()
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running');

-- name: pull_lock
-- Two parts that end at once must see one another: whoever ends a part holds
-- the pull's row first. Uses the primary key. $1 shop, $2 pull.
SELECT 1 FROM pull WHERE shop_id = $1::bigint AND id = $2::uuid FOR UPDATE;

-- name: pull_finish
-- The pull ends with its last part. Uses the primary keys. $1 shop, $2 pull.
UPDATE pull u SET finished_at = now(),
	state = CASE WHEN f.failed > 0 THEN 'failed' ELSE 'completed' END,
	error = f.error
FROM (SELECT count(*) FILTER (WHERE p.state IN ('queued', 'running')) AS going,
	count(*) FILTER (WHERE p.state = 'failed') AS failed,
	string_agg(p.resource || ': ' || p.error, '; ') AS error
    FROM pull_part p WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid) f
WHERE u.shop_id = $1 AND u.id = $2::uuid AND f.going = 0
	AND u.state IN ('queued', 'running');

-- name: pull_cancel
-- Stop a pull: what was kept stays, nothing more is read. Uses the primary
-- key. $1 shop, $2 pull.
UPDATE pull SET state = 'cancelled', finished_at = now()
WHERE shop_id = $1::bigint AND id = $2::uuid AND state IN ('queued', 'running');

-- name: pull_part_cancel
-- And its parts. Uses the primary key. $1 shop, $2 pull.
UPDATE pull_part SET state = 'cancelled', finished_at = now()
WHERE shop_id = $1::bigint AND pull_id = $2::uuid
	AND state IN ('queued', 'running');

-- name: pull_jobs_cancel
-- And its jobs, waiting or running. Uses job_unique_key. $1 shop, $2 pull.
SELECT job_cancel(j.id) FROM pull_part p JOIN job j ON j.shop_id = $1
	AND j.unique_key = ANY (ARRAY(SELECT sha256(convert_to(w || ':'
	    || p.pull_id || ':' || p.resource, 'UTF8'))
	    FROM unnest(ARRAY['pull', 'bulk_start', 'bulk_poll',
		'bulk_import', 'bulk_repair']) w))
WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid;

-- name: pull_cancel_all
-- The shop's pulls end with its install. Uses pull_created. $1 shop.
UPDATE pull SET state = 'cancelled', finished_at = now(),
	error = 'the shop took the app off'
WHERE shop_id = $1::bigint AND state IN ('queued', 'running');

-- name: pull_part_cancel_all
-- And their parts. Uses the primary key. $1 shop.
UPDATE pull_part SET state = 'cancelled', finished_at = now()
WHERE shop_id = $1::bigint AND state IN ('queued', 'running');
