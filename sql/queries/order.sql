-- Orders, lines, transactions and refunds: rows of a read come as JSON lists of
-- records, what is personal sealed and in base64. What hangs on an order is
-- saved only when the order's row is the one just read, and what is partial only
-- where that is, too, or where it comes alone. One that is in the list
-- twice, for it may change while it is paged, is saved once. The parent of each is
-- looked up by its key (LATERAL): a new table has no statistics, and a join would
-- read all of it.

-- name: order_save
-- Save orders, as product_save does; over a stub, whose lines nobody has seen,
-- any. Uses the primary keys. $1 shop, $2 records, $3 pull or null, $4 partial,
-- $5 when the read began.
-- copied: in_orders
INSERT INTO orders AS t (shop_id,
	id, name, order_number, confirmation_number, checkout_token,
	customer_id, source_name, test, confirmed, closed, cancel_reason,
	financial_status, fulfillment_status, return_status, customer_locale,
	billing_country, billing_province, shipping_country,
	shipping_province, gateways, taxes_included, line_quantity,
	transactions_count, currency, subtotal, total_discounts,
	total_shipping, total_tax, total, current_total, total_refunded,
	presentment_currency, presentment_total, presentment_current_total,
	presentment_total_refunded, created_at, processed_at, updated_at,
	closed_at, cancelled_at, doc, subject_kind, subject_id, sealed,
	seen_pull, partial, deleted_at)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.name, r.order_number, r.confirmation_number,
	r.checkout_token, r.customer_id, r.source_name, r.test, r.confirmed,
	r.closed, r.cancel_reason, r.financial_status, r.fulfillment_status,
	r.return_status, r.customer_locale, r.billing_country,
	r.billing_province, r.shipping_country, r.shipping_province,
	r.gateways, r.taxes_included, r.line_quantity, r.transactions_count,
	r.currency, r.subtotal, r.total_discounts, r.total_shipping,
	r.total_tax, r.total, r.current_total, r.total_refunded,
	r.presentment_currency, r.presentment_total,
	r.presentment_current_total, r.presentment_total_refunded,
	r.created_at, r.processed_at, r.updated_at, r.closed_at,
	r.cancelled_at, coalesce(r.doc, '{}'), r.subject_kind::char(1),
	r.subject_id, decode(r.sealed, 'base64'), $3::uuid,
	$4::bool, (SELECT g.at FROM gone g WHERE g.shop_id = $1
	    AND g.type = 'orders' AND g.id = r.id
	    AND g.at >= $5::timestamptz)
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, name text, order_number bigint, confirmation_number text,
	checkout_token text, customer_id bigint, source_name text, test bool,
	confirmed bool, closed bool, cancel_reason text,
	financial_status text, fulfillment_status text, return_status text,
	customer_locale text, billing_country text, billing_province text,
	shipping_country text, shipping_province text, gateways text[],
	taxes_included bool, line_quantity bigint, transactions_count int,
	currency text, subtotal numeric, total_discounts numeric,
	total_shipping numeric, total_tax numeric, total numeric,
	current_total numeric, total_refunded numeric,
	presentment_currency text, presentment_total numeric,
	presentment_current_total numeric,
	presentment_total_refunded numeric, created_at timestamptz,
	processed_at timestamptz, updated_at timestamptz,
	closed_at timestamptz, cancelled_at timestamptz, doc jsonb,
	subject_kind text, subject_id bigint, sealed text)
ORDER BY r.id, r.updated_at DESC NULLS LAST
ON CONFLICT (shop_id, id) DO UPDATE SET (
	name, order_number, confirmation_number, checkout_token, customer_id,
	source_name, test, confirmed, closed, cancel_reason,
	financial_status, fulfillment_status, return_status, customer_locale,
	billing_country, billing_province, shipping_country,
	shipping_province, gateways, taxes_included, line_quantity,
	transactions_count, currency, subtotal, total_discounts,
	total_shipping, total_tax, total, current_total, total_refunded,
	presentment_currency, presentment_total, presentment_current_total,
	presentment_total_refunded, created_at, processed_at, updated_at,
	closed_at, cancelled_at, doc, subject_kind, subject_id, sealed) = (
	excluded.name, excluded.order_number, excluded.confirmation_number,
	excluded.checkout_token, excluded.customer_id, excluded.source_name,
	excluded.test, excluded.confirmed, excluded.closed,
	excluded.cancel_reason, excluded.financial_status,
	excluded.fulfillment_status, excluded.return_status,
	excluded.customer_locale, excluded.billing_country,
	excluded.billing_province, excluded.shipping_country,
	excluded.shipping_province, excluded.gateways,
	excluded.taxes_included, excluded.line_quantity,
	excluded.transactions_count, excluded.currency, excluded.subtotal,
	excluded.total_discounts, excluded.total_shipping,
	excluded.total_tax, excluded.total, excluded.current_total,
	excluded.total_refunded, excluded.presentment_currency,
	excluded.presentment_total, excluded.presentment_current_total,
	excluded.presentment_total_refunded, excluded.created_at,
	excluded.processed_at, excluded.updated_at, excluded.closed_at,
	excluded.cancelled_at, excluded.doc, excluded.subject_kind,
	excluded.subject_id, excluded.sealed),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, stub = false,
	deleted_at = excluded.deleted_at
	WHERE t.stub OR t.updated_at IS NULL
	    OR t.updated_at < excluded.updated_at
	    OR t.updated_at = excluded.updated_at
		AND (t.partial OR NOT excluded.partial);

-- name: order_stub_save
-- Save an order that came with its transactions only: partial, and only
-- where there is none. Uses the primary keys. $1 shop, $2 records, $3 pull,
-- $4 partial, $5 when the read began.
-- copied: in_stubs
INSERT INTO orders (shop_id,
	id, name, order_number, confirmation_number, checkout_token,
	customer_id, source_name, test, confirmed, closed, cancel_reason,
	financial_status, fulfillment_status, return_status, customer_locale,
	billing_country, billing_province, shipping_country,
	shipping_province, gateways, taxes_included, line_quantity,
	transactions_count, currency, subtotal, total_discounts,
	total_shipping, total_tax, total, current_total, total_refunded,
	presentment_currency, presentment_total, presentment_current_total,
	presentment_total_refunded, created_at, processed_at, updated_at,
	closed_at, cancelled_at, doc, subject_kind, subject_id, sealed,
	seen_pull, partial, stub, deleted_at)
SELECT $1::bigint,
	r.id, r.name, r.order_number, r.confirmation_number,
	r.checkout_token, r.customer_id, r.source_name, r.test, r.confirmed,
	r.closed, r.cancel_reason, r.financial_status, r.fulfillment_status,
	r.return_status, r.customer_locale, r.billing_country,
	r.billing_province, r.shipping_country, r.shipping_province,
	r.gateways, r.taxes_included, r.line_quantity, r.transactions_count,
	r.currency, r.subtotal, r.total_discounts, r.total_shipping,
	r.total_tax, r.total, r.current_total, r.total_refunded,
	r.presentment_currency, r.presentment_total,
	r.presentment_current_total, r.presentment_total_refunded,
	r.created_at, r.processed_at, r.updated_at, r.closed_at,
	r.cancelled_at, coalesce(r.doc, '{}'), r.subject_kind::char(1),
	r.subject_id, decode(r.sealed, 'base64'), $3::uuid,
	$4::bool, true, (SELECT g.at FROM gone g WHERE g.shop_id = $1
	    AND g.type = 'orders' AND g.id = r.id
	    AND g.at >= $5::timestamptz)
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, name text, order_number bigint, confirmation_number text,
	checkout_token text, customer_id bigint, source_name text, test bool,
	confirmed bool, closed bool, cancel_reason text,
	financial_status text, fulfillment_status text, return_status text,
	customer_locale text, billing_country text, billing_province text,
	shipping_country text, shipping_province text, gateways text[],
	taxes_included bool, line_quantity bigint, transactions_count int,
	currency text, subtotal numeric, total_discounts numeric,
	total_shipping numeric, total_tax numeric, total numeric,
	current_total numeric, total_refunded numeric,
	presentment_currency text, presentment_total numeric,
	presentment_current_total numeric,
	presentment_total_refunded numeric, created_at timestamptz,
	processed_at timestamptz, updated_at timestamptz,
	closed_at timestamptz, cancelled_at timestamptz, doc jsonb,
	subject_kind text, subject_id bigint, sealed text)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO NOTHING;

-- name: order_line_save
-- Save lines. Uses the primary keys. $1 shop, $2 records, $3 pull, $4 partial.
-- copied: in_lines
INSERT INTO order_line AS t (shop_id,
	id, order_id, product_id, variant_id, sku, vendor, quantity,
	current_quantity, refundable_quantity, unfulfilled_quantity,
	requires_shipping, taxable, is_gift_card, currency, unit_price,
	discounted_total, total_discount, doc, subject_kind, subject_id,
	sealed, seen_pull, partial)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.order_id, r.product_id, r.variant_id, r.sku, r.vendor,
	r.quantity, r.current_quantity, r.refundable_quantity,
	r.unfulfilled_quantity, r.requires_shipping, r.taxable,
	r.is_gift_card, r.currency, r.unit_price, r.discounted_total,
	r.total_discount, coalesce(r.doc, '{}'), r.subject_kind::char(1),
	r.subject_id, decode(r.sealed, 'base64'), $3::uuid, $4::bool
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, order_id bigint, product_id bigint, variant_id bigint,
	sku text, vendor text, quantity int, current_quantity int,
	refundable_quantity int, unfulfilled_quantity int,
	requires_shipping bool, taxable bool, is_gift_card bool,
	currency text, unit_price numeric, discounted_total numeric,
	total_discount numeric, doc jsonb, subject_kind text,
	subject_id bigint, sealed text, parent_updated_at timestamptz)
JOIN LATERAL (SELECT p.updated_at, p.partial FROM orders p
	WHERE p.shop_id = $1 AND p.id = r.order_id LIMIT 1) p
	ON p.updated_at = coalesce(r.parent_updated_at, p.updated_at)
	AND (p.partial OR NOT $4::bool OR r.parent_updated_at IS NULL)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO UPDATE SET (
	order_id, product_id, variant_id, sku, vendor, quantity,
	current_quantity, refundable_quantity, unfulfilled_quantity,
	requires_shipping, taxable, is_gift_card, currency, unit_price,
	discounted_total, total_discount, doc, subject_kind, subject_id,
	sealed) = (
	excluded.order_id, excluded.product_id, excluded.variant_id,
	excluded.sku, excluded.vendor, excluded.quantity,
	excluded.current_quantity, excluded.refundable_quantity,
	excluded.unfulfilled_quantity, excluded.requires_shipping,
	excluded.taxable, excluded.is_gift_card, excluded.currency,
	excluded.unit_price, excluded.discounted_total,
	excluded.total_discount, excluded.doc, excluded.subject_kind,
	excluded.subject_id, excluded.sealed),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, deleted_at = NULL;

-- name: order_transaction_save
-- Save transactions. Uses the primary keys. $1 shop, $2 records, $3 pull,
-- $4 partial.
-- copied: in_transactions
INSERT INTO order_transaction AS t (shop_id,
	id, order_id, parent_id, kind, status, gateway, formatted_gateway,
	manual_gateway, payment_id, test, error_code, amount, currency,
	presentment_amount, presentment_currency, total_unsettled,
	created_at, processed_at, authorization_expires_at, doc, seen_pull,
	partial)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.order_id, r.parent_id, r.kind, r.status, r.gateway,
	r.formatted_gateway, r.manual_gateway, r.payment_id, r.test,
	r.error_code, r.amount, r.currency, r.presentment_amount,
	r.presentment_currency, r.total_unsettled, r.created_at,
	r.processed_at, r.authorization_expires_at, coalesce(r.doc, '{}'),
	$3::uuid, $4::bool
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, order_id bigint, parent_id bigint, kind text, status text,
	gateway text, formatted_gateway text, manual_gateway bool,
	payment_id text, test bool, error_code text, amount numeric,
	currency text, presentment_amount numeric, presentment_currency text,
	total_unsettled numeric, created_at timestamptz,
	processed_at timestamptz, authorization_expires_at timestamptz,
	doc jsonb, parent_updated_at timestamptz)
JOIN LATERAL (SELECT p.updated_at, p.partial FROM orders p
	WHERE p.shop_id = $1 AND p.id = r.order_id LIMIT 1) p
	ON p.updated_at = coalesce(r.parent_updated_at, p.updated_at)
	AND (p.partial OR NOT $4::bool OR r.parent_updated_at IS NULL)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO UPDATE SET (
	order_id, parent_id, kind, status, gateway, formatted_gateway,
	manual_gateway, payment_id, test, error_code, amount, currency,
	presentment_amount, presentment_currency, total_unsettled,
	created_at, processed_at, authorization_expires_at, doc) = (
	excluded.order_id, excluded.parent_id, excluded.kind,
	excluded.status, excluded.gateway, excluded.formatted_gateway,
	excluded.manual_gateway, excluded.payment_id, excluded.test,
	excluded.error_code, excluded.amount, excluded.currency,
	excluded.presentment_amount, excluded.presentment_currency,
	excluded.total_unsettled, excluded.created_at, excluded.processed_at,
	excluded.authorization_expires_at, excluded.doc),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, deleted_at = NULL;

-- name: refund_save
-- Save refunds. Uses the primary keys. $1 shop, $2 records, $3 pull, $4 partial.
-- copied: in_refunds
INSERT INTO refund AS t (shop_id,
	id, order_id, total, currency, presentment_total,
	presentment_currency, created_at, processed_at, updated_at, doc,
	subject_kind, subject_id, sealed, seen_pull, partial)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.order_id, r.total, r.currency, r.presentment_total,
	r.presentment_currency, r.created_at, r.processed_at, r.updated_at,
	coalesce(r.doc, '{}'), r.subject_kind::char(1), r.subject_id,
	decode(r.sealed, 'base64'), $3::uuid, $4::bool
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, order_id bigint, total numeric, currency text,
	presentment_total numeric, presentment_currency text,
	created_at timestamptz, processed_at timestamptz,
	updated_at timestamptz, doc jsonb, subject_kind text,
	subject_id bigint, sealed text, parent_updated_at timestamptz)
JOIN LATERAL (SELECT p.updated_at, p.partial FROM orders p
	WHERE p.shop_id = $1 AND p.id = r.order_id LIMIT 1) p
	ON p.updated_at = coalesce(r.parent_updated_at, p.updated_at)
	AND (p.partial OR NOT $4::bool OR r.parent_updated_at IS NULL)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO UPDATE SET (
	order_id, total, currency, presentment_total, presentment_currency,
	created_at, processed_at, updated_at, doc, subject_kind, subject_id,
	sealed) = (
	excluded.order_id, excluded.total, excluded.currency,
	excluded.presentment_total, excluded.presentment_currency,
	excluded.created_at, excluded.processed_at, excluded.updated_at,
	excluded.doc, excluded.subject_kind, excluded.subject_id,
	excluded.sealed),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, deleted_at = NULL;

-- name: refund_line_save
-- Save refund lines of refunds that are there. Uses the primary keys. $1 shop,
-- $2 records, $3 pull, $4 partial.
INSERT INTO refund_line AS t (shop_id,
	id, refund_id, line_id, quantity, restock_type, currency, subtotal,
	total_tax, doc, seen_pull,
	partial)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.refund_id, r.line_id, r.quantity, r.restock_type, r.currency,
	r.subtotal, r.total_tax, coalesce(r.doc, '{}'), $3::uuid, $4::bool
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, refund_id bigint, line_id bigint, quantity int,
	restock_type text, currency text, subtotal numeric,
	total_tax numeric, doc jsonb)
JOIN LATERAL (SELECT p.partial FROM refund p
	WHERE p.shop_id = $1 AND p.id = r.refund_id LIMIT 1) p
	ON (p.partial OR NOT $4::bool)
ORDER BY r.id
ON CONFLICT (shop_id, id) DO UPDATE SET (
	refund_id, line_id, quantity, restock_type, currency, subtotal,
	total_tax, doc) = (
	excluded.refund_id, excluded.line_id, excluded.quantity,
	excluded.restock_type, excluded.currency, excluded.subtotal,
	excluded.total_tax, excluded.doc),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial, deleted_at = NULL;

-- name: order_cut
-- Of these Shopify gives no more of a list than so many: they are not whole.
-- Uses the primary key. $1 shop, $2 orders.
UPDATE orders SET partial = true
WHERE shop_id = $1::bigint AND id = ANY ($2::bigint[]);
