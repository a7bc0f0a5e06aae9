-- Pulls in bulk. A part's row says how far its operation and the reading of its
-- file have come; bulk_left what the file leaves to be done.

-- name: bulk_part_load
-- What a bulk job needs to know of its part. Uses the primary keys. $1 shop,
-- $2 pull, $3 resource.
SELECT p.state, p.mode, p.bulk_id, p.bulk_status, p.bulk_look, p.bulk_tries,
	p.bulk_objects, p.bulk_roots, p.file_bytes, p.read_bytes, p.read_lines,
	p.done, p.total, u.shop_epoch,
	to_char(u.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	extract(epoch FROM now() - coalesce(p.started_at, now()))::float8
FROM pull_part p JOIN pull u ON u.shop_id = p.shop_id AND u.id = p.pull_id
WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid
	AND p.resource = $3::text;

-- name: bulk_part_begin
-- An operation was begun; no row when the part is not going on any more. Uses
-- the primary key. $1 shop, $2 pull, $3 resource, $4 Shopify's id, $5 its
-- status, $6 when the look began.
UPDATE pull_part SET state = 'running', mode = 'bulk', bulk_id = $4::text,
	bulk_status = $5::text, bulk_look = $6::timestamptz,
	bulk_tries = bulk_tries + 1, bulk_objects = NULL, bulk_roots = NULL,
	file_bytes = NULL, read_bytes = 0, read_lines = 0, done = 0,
	pages = 0, children = '{}', started_at = coalesce(started_at, now())
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running')
RETURNING bulk_tries;

-- name: bulk_part_mode
-- How a part that was to choose is pulled. Uses the primary key. $1 shop,
-- $2 pull, $3 resource, $4 mode.
UPDATE pull_part SET mode = $4::text
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running');

-- name: bulk_part_note
-- What Shopify says of the operation. Uses the primary key. $1 shop, $2 pull,
-- $3 resource, $4 status, $5 objects, $6 roots, $7 bytes or null.
UPDATE pull_part SET bulk_status = $4::text, bulk_objects = $5::bigint,
	bulk_roots = $6::bigint, file_bytes = $7::bigint
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running');

-- name: bulk_part_advance
-- Lines are kept; no row when the part is not going on any more. Uses the
-- primary key. $1 shop, $2 pull, $3 resource, $4 bytes and $5 lines of the file
-- in all, $6 objects and $7 children by kind that came with these, $8 points.
UPDATE pull_part p SET read_bytes = $4::bigint, read_lines = $5::bigint,
	done = p.done + $6::bigint, pages = p.pages + 1,
	children = p.children || (SELECT coalesce(jsonb_object_agg(c.key,
	    coalesce((p.children ->> c.key)::bigint, 0) + c.value::bigint), '{}')
	    FROM jsonb_each_text($7::jsonb) c),
	cost_points = p.cost_points + $8::bigint, error = NULL
WHERE p.shop_id = $1::bigint AND p.pull_id = $2::uuid
	AND p.resource = $3::text AND p.state IN ('queued', 'running')
RETURNING p.done;

-- name: bulk_part_end
-- All of it is kept. Uses the primary key. $1 shop, $2 pull, $3 resource.
UPDATE pull_part SET state = 'completed', error = NULL, finished_at = now()
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND state IN ('queued', 'running')
RETURNING done;

-- name: bulk_part_of
-- The part of an operation. Uses pull_part_bulk. $1 shop, $2 Shopify's id.
SELECT pull_id, resource FROM pull_part
WHERE shop_id = $1::bigint AND bulk_id = $2::text
	AND state IN ('queued', 'running');

-- name: bulk_unsynced
-- For the transaction that keeps some lines: that it is on disk can wait for the
-- last of them. Uses no table.
SELECT set_config('synchronous_commit', 'off', true);

-- name: bulk_replan
-- Plans that were made while tables were empty, those of foreign keys among them,
-- read all of a shop's rows for one; once there are some they are made with the
-- right index. Uses no table.
DISCARD PLANS;

-- name: bulk_wake
-- Its job, where it waits for its time, is due now. Uses job_unique_key.
-- $1 shop, $2 pull, $3 resource.
UPDATE job SET state = 'available', run_at = now()
WHERE shop_id = $1::bigint AND state = 'scheduled'
	AND unique_key = sha256(convert_to('bulk_poll:' || $2::uuid || ':'
	    || $3::text, 'UTF8'));

-- ---- what is left

-- name: bulk_parent_load
-- Parents whose children may still come. Uses the primary key. $1 shop,
-- $2 pull, $3 resource, $4 numbers.
SELECT id, to_char(updated_at AT TIME ZONE 'UTC',
	'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), subject_kind, subject_id, wanted, got
FROM bulk_left
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND kind = 'parent' AND id = ANY ($4::bigint[]);

-- name: bulk_parent_save
-- The same, noted; arrays of one length. Uses the primary key. $1 shop,
-- $2 pull, $3 resource, $4 numbers, $5 updated_at, $6 kinds and $7 numbers of
-- subjects, $8 wanted, $9 got.
INSERT INTO bulk_left (shop_id, pull_id, resource, kind, id, updated_at,
	subject_kind, subject_id, wanted, got)
SELECT $1::bigint, $2::uuid, $3::text, 'parent', u.id, u.updated_at,
	u.subject_kind::char(1), u.subject_id, u.wanted, u.got
FROM unnest($4::bigint[], $5::timestamptz[], $6::text[], $7::bigint[],
	$8::bigint[], $9::bigint[])
	u(id, updated_at, subject_kind, subject_id, wanted, got)
ON CONFLICT (shop_id, pull_id, resource, kind, id) DO UPDATE SET
	updated_at = excluded.updated_at, subject_kind = excluded.subject_kind,
	subject_id = excluded.subject_id, wanted = excluded.wanted,
	got = excluded.got;

-- name: bulk_left_drop
-- They are done. Uses the primary key. $1 shop, $2 pull, $3 resource, $4 kind,
-- $5 numbers.
DELETE FROM bulk_left
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND kind = $4::text AND id = ANY ($5::bigint[]);

-- name: bulk_left_forget
-- A part begins anew. Uses the primary key. $1 shop, $2 pull, $3 resource.
DELETE FROM bulk_left
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text;

-- name: bulk_left_put
-- To be read again, or its lines. Uses the primary key. $1 shop, $2 pull,
-- $3 resource, $4 kind, $5 numbers.
INSERT INTO bulk_left (shop_id, pull_id, resource, kind, id)
SELECT $1::bigint, $2::uuid, $3::text, $4::text, unnest($5::bigint[])
ON CONFLICT (shop_id, pull_id, resource, kind, id) DO NOTHING;

-- name: bulk_child_put
-- Children that came before their parent; arrays of one length. Uses the
-- primary key. $1 shop, $2 pull, $3 resource, $4 where each line begins,
-- $5 the lines, sealed.
INSERT INTO bulk_left (shop_id, pull_id, resource, kind, id, line)
SELECT $1::bigint, $2::uuid, $3::text, 'child', u.id, u.line
FROM unnest($4::bigint[], $5::bytea[]) u(id, line)
ON CONFLICT (shop_id, pull_id, resource, kind, id) DO NOTHING;

-- name: bulk_left_list
-- Some of a kind, in order. Uses the primary key. $1 shop, $2 pull,
-- $3 resource, $4 kind, $5 at most.
SELECT id, line FROM bulk_left
WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND kind = $4::text
ORDER BY id LIMIT $5::int;

-- name: bulk_short
-- The file is read: parents that fall short of their own count are read again,
-- the others are done. Uses the primary key. $1 shop, $2 pull, $3 resource.
WITH p AS (DELETE FROM bulk_left
    WHERE shop_id = $1::bigint AND pull_id = $2::uuid AND resource = $3::text
	AND kind = 'parent'
    RETURNING id, wanted, got)
INSERT INTO bulk_left (shop_id, pull_id, resource, kind, id)
SELECT $1::bigint, $2::uuid, $3::text, 'short', p.id FROM p
WHERE p.got < p.wanted
ON CONFLICT (shop_id, pull_id, resource, kind, id) DO NOTHING;

-- name: bulk_order_parents
-- Orders of this pull as its file had them, for lines whose order came long
-- before. Uses the primary key. $1 shop, $2 pull, $3 numbers.
SELECT id, to_char(updated_at AT TIME ZONE 'UTC',
	'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	CASE WHEN customer_id IS NULL THEN 'o' ELSE 'c' END,
	coalesce(customer_id, id), 0, 0
FROM orders WHERE shop_id = $1::bigint AND seen_pull = $2::uuid
	AND id = ANY ($3::bigint[]);

-- name: bulk_product_parents
-- The same of products. Uses the primary key. $1 shop, $2 pull, $3 numbers.
SELECT id, to_char(updated_at AT TIME ZONE 'UTC',
	'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), NULL, NULL, 0, 0
FROM product WHERE shop_id = $1::bigint AND seen_pull = $2::uuid
	AND id = ANY ($3::bigint[]);

-- name: bulk_variant_gone
-- Variants that the file no longer named, of products that it gave whole. Reads
-- the shop's variants, once a pull; uses product's primary key. $1 shop,
-- $2 pull.
UPDATE variant v SET deleted_at = now()
FROM product p, pull_part q
WHERE v.shop_id = $1::bigint AND p.shop_id = $1 AND p.id = v.product_id
	AND p.seen_pull = $2::uuid AND v.seen_pull IS DISTINCT FROM $2::uuid
	AND v.deleted_at IS NULL AND q.shop_id = $1 AND q.pull_id = $2::uuid
	AND q.resource = 'products' AND v.pulled_at < q.bulk_look
	AND NOT EXISTS (SELECT 1 FROM bulk_left l WHERE l.shop_id = $1
	    AND l.pull_id = $2::uuid AND l.resource = 'products'
	    AND l.kind = 'short' AND l.id = p.id);
