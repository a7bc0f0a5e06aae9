-- Pulled rows for the API: newest first, one page or one row. Columns: id, the
-- row as JSON, what is sealed, and whose key sealed it.
-- $1 shop, $2 number behind which to go on or null, $3 one row's number or null,
-- $4 at most.

-- name: intake_look
-- The moment when a read begins, by the clock that marks what is gone. Uses
-- no table.
SELECT clock_timestamp();

-- name: product_rows
-- Products of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), NULL::bytea, NULL::text, NULL::bigint
FROM product t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: variant_rows
-- Variants of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), NULL::bytea, NULL::text, NULL::bigint
FROM variant t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: customer_rows
-- Customers of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), t.sealed, 'c', t.id
FROM customer t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: order_rows
-- Orders of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), t.sealed, t.subject_kind, t.subject_id
FROM orders t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: order_line_rows
-- Lines of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), t.sealed, t.subject_kind, t.subject_id
FROM order_line t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: order_transaction_rows
-- Transactions of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), NULL::bytea, NULL::text, NULL::bigint
FROM order_transaction t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: refund_rows
-- Refunds of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), t.sealed, t.subject_kind, t.subject_id
FROM refund t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;

-- name: refund_line_rows
-- Refund lines of a shop. Uses the primary key.
SELECT t.id, row_json(to_jsonb(t)), NULL::bytea, NULL::text, NULL::bigint
FROM refund_line t WHERE t.shop_id = $1::bigint
	AND ($2::bigint IS NULL OR t.id < $2::bigint)
	AND ($3::bigint IS NULL OR t.id = $3::bigint)
ORDER BY t.id DESC LIMIT $4::int;
