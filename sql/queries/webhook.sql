-- Webhooks: kept by the door, applied by a job, looked at by people.

-- name: webhook_keep
-- The door's one statement: keep a batch and put a job for each. What was seen
-- before is not kept again. Uses shop_domain and the primary keys. Arrays of one
-- length: $1 our ids, $2 domains, $3 topics, $4 delivery ids, $5 event ids,
-- $6 versions, $7 triggered at, $8 traces, $9 body hashes, $10 body lengths,
-- $11 sealed bodies, $12 keys of the deliveries, $13 the inbox pairs; then
-- $14 and $15 limits of the job in seconds, $16 its attempts.
WITH n AS (
    SELECT u.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[],
	$5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[],
	$10::bigint[], $11::bytea[], $12::bytea[], $13::bigint[]) AS u(id,
	domain, topic, webhook_id, event_id, api_version, triggered_at, trace,
	sha256, bytes, body, key, inbox_id)),
k AS MATERIALIZED (
    SELECT n.*, coalesce(s.shop_id, 0) AS shop_id, coalesce(s.epoch, 0) AS epoch
    FROM n LEFT JOIN LATERAL (
	SELECT shop_id, epoch FROM shop WHERE domain = n.domain
	ORDER BY status = 'uninstalled', epoch DESC, shop_id DESC LIMIT 1) s
	ON true),
s AS (
    INSERT INTO webhook_seen (shop_id, key)
    SELECT shop_id, key FROM k ORDER BY shop_id, key
    ON CONFLICT DO NOTHING RETURNING shop_id, key),
w AS (
    INSERT INTO webhook (shop_id, id, domain, topic, webhook_id, event_id,
	api_version, triggered_at, shop_epoch, trace, body_sha256, body_bytes,
	body, inbox_id)
    SELECT k.shop_id, k.id, k.domain, k.topic, k.webhook_id, k.event_id,
	k.api_version, k.triggered_at::timestamptz, k.epoch, k.trace, k.sha256,
	k.bytes, k.body, k.inbox_id
    FROM k JOIN s USING (shop_id, key))
INSERT INTO job (queue_id, priority, shop_id, shop_epoch, kind, args, trace,
	soft_limit_s, hard_limit_s, max_attempts)
SELECT 3, 2, k.shop_id, k.epoch, 'webhook_apply',
	jsonb_build_object('webhook', k.id, 'at', now()), k.trace, $14::int,
	$15::int, $16::smallint
FROM k JOIN s USING (shop_id, key);

-- name: webhook_load
-- One delivery, for its job. Uses the primary key of one day.
-- $1 shop, $2 received at, $3 id.
SELECT domain, topic, api_version, shop_epoch, body_sha256, body, inbox_id,
	state, extract(epoch FROM triggered_at)::bigint, reason
FROM webhook WHERE shop_id = $1::bigint AND received_at = $2::timestamptz
	AND id = $3::uuid;

-- name: webhook_note
-- What became of it, and its body sealed anew (null: not kept). Uses the
-- primary key of one day. $1 shop, $2 received at, $3 id, $4 state, $5 reason,
-- $6 body, $7 whose key: kind and $8 id.
UPDATE webhook SET state = $4::text, reason = $5::text, body = $6::bytea,
	inbox_id = NULL, subject_kind = $7::char(1), subject_id = $8::bigint,
	applied_at = now()
WHERE shop_id = $1::bigint AND received_at = $2::timestamptz
	AND id = $3::uuid;

-- name: webhook_fail
-- Its job ended for good; the body stays as it is. Uses the primary key of one
-- day. $1 shop, $2 received at, $3 id, $4 why.
UPDATE webhook SET state = 'failed', reason = $4::text, applied_at = now()
WHERE shop_id = $1::bigint AND received_at = $2::timestamptz
	AND id = $3::uuid;

-- name: webhook_failed
-- Some that failed and wait for their inbox key still; all shops. Uses
-- webhook_inbox.
SELECT shop_id, received_at, id FROM webhook
WHERE inbox_id IS NOT NULL AND state = 'failed' LIMIT 20;

-- name: webhook_body_put
-- The second key: no row when this installation has applied the body before.
-- Uses the primary key. $1 shop, $2 hash of topic, epoch and body.
INSERT INTO webhook_body (shop_id, key) VALUES ($1::bigint, $2::bytea)
ON CONFLICT DO NOTHING RETURNING 1;

-- name: webhook_list
-- Deliveries of a shop (0: of no shop we know), newest first; ids sort by time.
-- Uses webhook_id. $1 shop, $2 id behind which to go on or null, $3 topic or
-- null, $4 state or null, $5 at most.
SELECT id, shop_id, domain, topic, webhook_id, event_id, api_version,
	extract(epoch FROM received_at)::float8,
	extract(epoch FROM triggered_at)::float8,
	extract(epoch FROM applied_at)::float8, body_bytes, state, reason,
	encode(trace, 'escape')
FROM webhook WHERE shop_id = $1::bigint
	AND ($2::uuid IS NULL OR id < $2::uuid)
	AND ($3::text IS NULL OR topic = $3::text)
	AND ($4::text IS NULL OR state = $4::text)
ORDER BY id DESC LIMIT $5::int;

-- name: webhook_list_all
-- The same over all shops, for the operator; needs app.every_shop.
-- $1 id behind which to go on or null, $2 topic or null, $3 state or null,
-- $4 at most. Reads the newest days by their primary keys.
SELECT id, shop_id, domain, topic, webhook_id, event_id, api_version,
	extract(epoch FROM received_at)::float8,
	extract(epoch FROM triggered_at)::float8,
	extract(epoch FROM applied_at)::float8, body_bytes, state, reason,
	encode(trace, 'escape')
FROM webhook WHERE ($1::uuid IS NULL OR id < $1::uuid)
	AND ($2::text IS NULL OR topic = $2::text)
	AND ($3::text IS NULL OR state = $3::text)
ORDER BY id DESC LIMIT $4::int;

-- name: webhook_view
-- One delivery for people. Uses webhook_id. $1 shop, $2 id.
SELECT id, shop_id, domain, topic, webhook_id, event_id, api_version,
	extract(epoch FROM received_at)::float8,
	extract(epoch FROM triggered_at)::float8,
	extract(epoch FROM applied_at)::float8, body_bytes, state, reason,
	encode(trace, 'escape')
FROM webhook WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: webhook_view_all
-- One delivery of any shop; needs app.every_shop. Uses webhook_id. $1 id.
SELECT id, shop_id, domain, topic, webhook_id, event_id, api_version,
	extract(epoch FROM received_at)::float8,
	extract(epoch FROM triggered_at)::float8,
	extract(epoch FROM applied_at)::float8, body_bytes, state, reason,
	encode(trace, 'escape')
FROM webhook WHERE id = $1::uuid;

-- name: webhook_seen_prune
-- Deliveries seen more than thirty days ago; all shops. Uses webhook_seen_at.
DELETE FROM webhook_seen WHERE seen_at < now() - interval '30 days';

-- name: webhook_body_prune
-- The same of the second key. Uses webhook_body_at.
DELETE FROM webhook_body WHERE seen_at < now() - interval '30 days';

-- name: part_ahead
-- Make today's and the next days' partitions. Reads the catalogue. $1 table, $2 days.
SELECT part_ahead($1::text, $2::int);

-- name: part_drop
-- Drop the days that are older than so many. Reads the catalogue. $1 table,
-- $2 days.
SELECT part_drop($1::text, (now() AT TIME ZONE 'UTC')::date - $2::int);
