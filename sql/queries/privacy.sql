-- Requests of the privacy law, what they forget, and who opened what.

-- name: privacy_put
-- Note a request; no row when it is there. Uses the primary key. $1 shop, $2
-- id, $3 kind, $4 source, $5 customer or null, $6 orders, $7 trace.
INSERT INTO privacy (shop_id, id, kind, source, customer_id, orders, trace)
VALUES ($1::bigint, $2::uuid, $3::text, $4::text, $5::bigint, $6::bigint[],
	$7::bytea)
ON CONFLICT (shop_id, id) DO NOTHING RETURNING id;

-- name: privacy_list
-- Newest first: of a shop, or of all where app.every_shop is on and $1 null.
-- Uses the primary key; the list of all shops is short. $1 shop or null, $2 id
-- behind which to go on or null, $3 at most, $4 one id or null.
SELECT p.shop_id, p.id, p.kind, p.source, p.customer_id, p.orders, s.domain,
	extract(epoch FROM p.asked_at)::bigint,
	extract(epoch FROM p.due_at)::bigint,
	extract(epoch FROM p.done_at)::bigint, p.state, p.reason, p.counts,
	encode(p.shop_sha256, 'hex'), encode(p.subject_sha256, 'hex'),
	k.bytes, extract(epoch FROM k.made_at)::bigint
FROM privacy p
LEFT JOIN shop s ON s.shop_id = p.shop_id
LEFT JOIN privacy_package k ON k.shop_id = p.shop_id AND k.id = p.id
WHERE ($1::bigint IS NULL OR p.shop_id = $1)
	AND ($2::uuid IS NULL OR p.id < $2) AND ($4::uuid IS NULL OR p.id = $4)
ORDER BY p.id DESC LIMIT $3::int;

-- name: privacy_end
-- It was done, or is void: whom it was about stays as a digest. Uses the
-- primary key. $1 shop, $2 id, $3 state, $4 reason or null, $5 counts, $6 and
-- $7 digests of shop and customer (or null).
UPDATE privacy SET state = $3::text, reason = $4::text, counts = $5::jsonb,
	shop_sha256 = $6::bytea, subject_sha256 = $7::bytea, done_at = now(),
	customer_id = CASE kind WHEN 'data_request' THEN customer_id END,
	orders = CASE kind WHEN 'data_request' THEN orders ELSE '{}' END
WHERE shop_id = $1::bigint AND id = $2::uuid AND state = 'asked'
RETURNING id;

-- name: privacy_leave
-- The receipts of a forgotten shop belong to no shop any more, and name nobody.
-- Needs app.every_shop. Uses the primary key. $1 the shop that was, $2 its
-- digest.
UPDATE privacy SET shop_id = 0, customer_id = NULL, orders = '{}',
	shop_sha256 = $2::bytea WHERE shop_id = $1::bigint;

-- name: privacy_forget_customer
-- Whom it is about is not named by other requests either, nor is what they
-- found kept. Uses the primary key. $1 shop, $2 customer, $3 the request that
-- says so.
UPDATE privacy SET customer_id = NULL, orders = '{}'
WHERE shop_id = $1::bigint AND customer_id = $2::bigint AND id <> $3::uuid
	AND state <> 'asked';

-- name: redact_customer
-- Empty what is kept of a customer in every table; gives rows by table. Twice
-- is once. Each table by its own index on whose a row is, else whole. $1 shop,
-- $2 customer or null, $3 orders, $4 words that tell who it is.
SELECT redact_customer($1::bigint, $2::bigint, $3::bigint[], $4::text[]);

-- name: redact_shop
-- Some rows of a shop, gives rows by table and {} when none is left. Uses each
-- table's primary key. $1 shop, $2 at most of a table.
SELECT redact_shop($1::bigint, $2::int);

-- name: privacy_rows
-- All that is kept of a customer: table, number, the row, what is sealed and
-- whose key sealed it. Each table by its index on whose a row is. $1 shop, $2
-- customer, $3 orders named besides.
SELECT table_name, id, row, sealed, subject_kind, subject_id
FROM privacy_rows($1::bigint, $2::bigint, $3::bigint[]);

-- name: privacy_package_put
-- What a request found. Uses the primary key. $1 shop, $2 request, $3 and $4
-- whose key seals it, $5 sealed, $6 its length opened.
INSERT INTO privacy_package (shop_id, id, subject_kind, subject_id, sealed,
	bytes)
VALUES ($1::bigint, $2::uuid, $3::text::char(1), $4::bigint, $5::bytea, $6::int)
ON CONFLICT (shop_id, id) DO UPDATE SET sealed = excluded.sealed,
	bytes = excluded.bytes, made_at = now();

-- name: privacy_package_load
-- Uses the primary key. $1 shop, $2 request.
SELECT subject_kind, subject_id, sealed FROM privacy_package
WHERE shop_id = $1::bigint AND id = $2::uuid;

-- name: privacy_package_prune
-- What was found so long ago. Uses privacy_package_made. $1 days.
DELETE FROM privacy_package
WHERE made_at < now() - make_interval(days => $1::int);

-- name: access_put
-- Personal data were opened. $1 shop, $2 by whom, $3 through what, $4 which
-- table, $5 of how many, $6 whose when it is one, $7 trace.
INSERT INTO access_log (shop_id, who, through, what, subjects, first_subject,
	trace)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::int, $6::text,
	$7::bytea);

-- name: access_list
-- Newest first. Uses the primary key, or access_log_id. $1 shop or null for
-- all where app.every_shop is on, $2 number behind which to go on or null, $3
-- at most.
SELECT a.id, s.domain, extract(epoch FROM a.at)::bigint, a.who, a.through,
	a.what, a.subjects, a.first_subject
FROM access_log a LEFT JOIN shop s ON s.shop_id = a.shop_id
WHERE ($1::bigint IS NULL OR a.shop_id = $1)
	AND ($2::bigint IS NULL OR a.id < $2)
ORDER BY a.id DESC LIMIT $3::int;

-- name: access_prune
-- Uses access_log_at. $1 days.
DELETE FROM access_log WHERE at < now() - make_interval(days => $1::int);

-- name: forgotten_load
-- Up to when the keyring's tombstones have no rows here. Reads the one row that
-- there is.
SELECT until::text FROM forgotten;

-- name: forgotten_save
-- That moment has moved on. Reads the one row that there is. $1 the newest
-- tombstone whose rows are gone.
UPDATE forgotten SET until = greatest(until, $1::timestamptz);
