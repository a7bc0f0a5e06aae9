-- Two views for people's own SQL. security_invoker: who reads them sees no
-- more rows than the tables would show.
SET search_path = stockroom;

-- An order a row, with what its lines, transactions and refunds add up to.
CREATE VIEW orders_overview WITH (security_invoker = true) AS
SELECT o.shop_id, s.domain, o.id, o.name, o.processed_at, o.customer_id,
	o.financial_status, o.fulfillment_status, o.cancelled_at, o.test,
	o.currency, o.total, o.total_tax, o.total_shipping, o.total_discounts,
	o.total_refunded, o.current_total, l.lines, l.quantity, t.paid,
	r.refunds
FROM orders o
JOIN shop s ON s.shop_id = o.shop_id
CROSS JOIN LATERAL (SELECT count(*) AS lines,
	coalesce(sum(x.quantity), 0) AS quantity FROM order_line x
    WHERE x.shop_id = o.shop_id AND x.order_id = o.id
	AND x.deleted_at IS NULL) l
CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS paid
    FROM order_transaction x
    WHERE x.shop_id = o.shop_id AND x.order_id = o.id
	AND x.status = 'SUCCESS' AND x.kind IN ('SALE', 'CAPTURE')
	AND x.deleted_at IS NULL) t
CROSS JOIN LATERAL (SELECT count(*) AS refunds FROM refund x
    WHERE x.shop_id = o.shop_id AND x.order_id = o.id
	AND x.deleted_at IS NULL) r
WHERE o.deleted_at IS NULL;

-- A shop's day in the shop's own time zone; test and cancelled orders left out.
CREATE VIEW sales_by_day WITH (security_invoker = true) AS
SELECT o.shop_id, s.domain,
	(o.processed_at AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date
	    AS day,
	o.currency, count(*) AS orders, sum(o.line_quantity) AS quantity,
	sum(o.total) AS total, sum(o.total_tax) AS tax,
	sum(o.total_discounts) AS discounts, sum(o.total_refunded) AS refunded,
	count(DISTINCT o.customer_id) AS customers
FROM orders o JOIN shop s ON s.shop_id = o.shop_id
WHERE o.deleted_at IS NULL AND o.cancelled_at IS NULL
	AND o.test IS NOT TRUE AND o.processed_at IS NOT NULL
GROUP BY 1, 2, 3, 4;
