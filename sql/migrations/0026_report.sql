-- What people ask their shop's data first, as views (docs/sql.md). Every one is
-- security_invoker: who reads them sees no more rows than the tables show.
--
-- Common to all: a day or month is the shop's own (shop.iana_timezone);
-- deleted, cancelled and test orders are left out; amounts are in the shop's
-- currency, which is a column, since a shop may change it.
SET search_path = stockroom;

CREATE VIEW discount_allocation WITH (security_invoker = true) AS
SELECT l.shop_id, l.order_id, l.id AS line_id, a.position::int AS position,
	(a.value #>> '{discountApplication,index}')::int AS application,
	(a.value #>> '{allocatedAmountSet,shopMoney,amount}')::numeric AS amount,
	a.value #>> '{allocatedAmountSet,shopMoney,currencyCode}' AS currency
FROM order_line l
CROSS JOIN LATERAL jsonb_array_elements(
	CASE jsonb_typeof(l.doc -> 'discountAllocations')
	    WHEN 'array' THEN l.doc -> 'discountAllocations' ELSE '[]' END)
	WITH ORDINALITY a (value, position)
WHERE l.deleted_at IS NULL;
COMMENT ON VIEW discount_allocation IS
	'What of a discount fell on an order line; discounts of the whole order are spread over its lines.';
SELECT describe_table('discount_allocation', $$
	shop_id, order_id, line_id: none; Shopify's numbers
	position: none; from 1, in Shopify's order
	application: none; which of the order's discounts, from 0
	amount, currency: none; shop's currency
$$);

-- Lines of the orders that count, with their day: what the others add up.
CREATE VIEW sold_line WITH (security_invoker = true) AS
SELECT l.shop_id, s.domain, l.order_id, l.id AS line_id, o.customer_id,
	(o.processed_at AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date
	    AS day,
	l.product_id, l.variant_id, l.sku, l.currency, l.quantity,
	l.quantity * l.unit_price AS gross,
	coalesce(d.amount, l.total_discount, 0) AS discounts,
	l.quantity * l.unit_price - coalesce(d.amount, l.total_discount, 0)
	    AS net
FROM order_line l
JOIN orders o ON o.shop_id = l.shop_id AND o.id = l.order_id
JOIN shop s ON s.shop_id = l.shop_id
LEFT JOIN LATERAL (SELECT sum(a.amount) AS amount FROM discount_allocation a
    WHERE a.shop_id = l.shop_id AND a.line_id = l.id) d ON true
WHERE l.deleted_at IS NULL AND o.deleted_at IS NULL
	AND o.cancelled_at IS NULL AND o.test IS NOT TRUE
	AND o.processed_at IS NOT NULL;
COMMENT ON VIEW sold_line IS
	'A line of an order that counts: neither deleted, cancelled nor a test.';
SELECT describe_table('sold_line', $$
	shop_id, domain: none; the shop
	order_id, line_id, customer_id, product_id, variant_id: none; Shopify's
	day: none; on which the order was processed
	sku, currency: none
	quantity: none; as ordered, before refunds
	gross: none; price times quantity, before discounts, refunds, tax
	discounts: none; what of all discounts fell on it
	net: none; gross less discounts
$$);

CREATE VIEW revenue_by_day WITH (security_invoker = true) AS
SELECT t.shop_id, s.domain,
	(t.processed_at AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date
	    AS day,
	t.currency, count(*) AS transactions,
	sum(t.amount) FILTER (WHERE t.kind IN ('SALE', 'CAPTURE')) AS paid,
	sum(t.amount) FILTER (WHERE t.kind = 'REFUND') AS refunded,
	sum(CASE t.kind WHEN 'REFUND' THEN -t.amount ELSE t.amount END) AS net
FROM order_transaction t
JOIN shop s ON s.shop_id = t.shop_id
JOIN orders o ON o.shop_id = t.shop_id AND o.id = t.order_id
WHERE t.status = 'SUCCESS' AND t.kind IN ('SALE', 'CAPTURE', 'REFUND')
	AND t.test IS NOT TRUE AND t.deleted_at IS NULL
	AND o.deleted_at IS NULL AND o.test IS NOT TRUE
	AND t.processed_at IS NOT NULL
GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW revenue_by_day IS
	'Money that moved on a day, by successful transactions; a refund counts on the day it was paid back. Cancelled orders count: their money moved, both ways.';
SELECT describe_table('revenue_by_day', $$
	shop_id, domain, day, currency: none; which
	transactions: none; how many were counted
	paid: none; sales and captures
	refunded: none; refunds, as a positive number
	net: none; paid less refunded
$$);

CREATE VIEW product_sales_by_day WITH (security_invoker = true) AS
SELECT l.shop_id, l.domain, l.day, l.product_id, l.variant_id, l.currency,
	count(DISTINCT l.order_id) AS orders, sum(l.quantity) AS quantity,
	sum(l.gross) AS gross, sum(l.discounts) AS discounts, sum(l.net) AS net,
	coalesce(sum(r.quantity), 0) AS refunded_quantity,
	coalesce(sum(r.subtotal), 0) AS refunded
FROM sold_line l
LEFT JOIN LATERAL (SELECT sum(x.quantity) AS quantity,
	sum(x.subtotal) AS subtotal FROM refund_line x
    WHERE x.shop_id = l.shop_id AND x.line_id = l.line_id
	AND x.deleted_at IS NULL) r ON true
GROUP BY 1, 2, 3, 4, 5, 6;
COMMENT ON VIEW product_sales_by_day IS
	'What was sold of a variant on a day, and what of that came back since.';
SELECT describe_table('product_sales_by_day', $$
	shop_id, domain, day, product_id, variant_id, currency: none; which
	orders: none; in which it was
	quantity, gross, discounts, net: none; as sold_line has them, summed
	refunded_quantity, refunded: none; of these, whenever; before tax
$$);

CREATE VIEW top_products WITH (security_invoker = true) AS
SELECT d.shop_id, d.domain, d.product_id, p.title, d.currency,
	sum(d.quantity) AS quantity, sum(d.net) AS net,
	sum(d.refunded) AS refunded, max(d.day) AS last_sold,
	coalesce(sum(d.quantity) FILTER (WHERE d.day > today.day - 30), 0)
	    AS quantity_30d,
	coalesce(sum(d.net) FILTER (WHERE d.day > today.day - 30), 0) AS net_30d,
	rank() OVER (PARTITION BY d.shop_id, d.currency
	    ORDER BY sum(d.net) - sum(d.refunded) DESC) AS rank
FROM product_sales_by_day d
JOIN shop s ON s.shop_id = d.shop_id
CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE
	coalesce(s.iana_timezone, 'UTC'))::date AS day) today
LEFT JOIN product p ON p.shop_id = d.shop_id AND p.id = d.product_id
WHERE d.product_id IS NOT NULL
GROUP BY d.shop_id, d.domain, d.product_id, p.title, d.currency;
COMMENT ON VIEW top_products IS
	'Products by what they brought: net less refunded, of all time, and of the last 30 days.';
SELECT describe_table('top_products', $$
	shop_id, domain, product_id, currency: none; which
	title: none; the product's now; NULL when it is gone
	quantity, net, refunded: none; of all time
	last_sold: none; day
	quantity_30d, net_30d: none; of today and the 29 days before
	rank: none; 1 brought most
$$);

CREATE VIEW refunds_by_day WITH (security_invoker = true) AS
SELECT r.shop_id, s.domain,
	(coalesce(r.processed_at, r.created_at)
	    AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date AS day,
	r.currency, count(*) AS refunds, count(DISTINCT r.order_id) AS orders,
	sum(r.total) AS total, coalesce(sum(l.quantity), 0) AS quantity,
	coalesce(sum(l.restocked), 0) AS restocked
FROM refund r
JOIN shop s ON s.shop_id = r.shop_id
JOIN orders o ON o.shop_id = r.shop_id AND o.id = r.order_id
LEFT JOIN LATERAL (SELECT sum(x.quantity) AS quantity,
	sum(x.quantity) FILTER (WHERE x.restock_type <> 'NO_RESTOCK')
	    AS restocked FROM refund_line x
    WHERE x.shop_id = r.shop_id AND x.refund_id = r.id
	AND x.deleted_at IS NULL) l ON true
WHERE r.deleted_at IS NULL AND o.deleted_at IS NULL AND o.test IS NOT TRUE
	AND coalesce(r.processed_at, r.created_at) IS NOT NULL
GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW refunds_by_day IS
	'Refunds on the day they were made, cancelled orders'' too.';
SELECT describe_table('refunds_by_day', $$
	shop_id, domain, day, currency: none; which
	refunds, orders: none; how many, of how many orders
	total: none; money given back
	quantity, restocked: none; pieces given back, and put back on the shelf
$$);

-- An order a row, and which one of its customer it is.
CREATE VIEW customer_order WITH (security_invoker = true) AS
SELECT o.shop_id, s.domain, o.customer_id, o.id AS order_id, o.processed_at,
	(o.processed_at AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date
	    AS day,
	o.currency, o.total, o.total_refunded,
	row_number() OVER w AS nth,
	first_value(date_trunc('month', o.processed_at
	    AT TIME ZONE coalesce(s.iana_timezone, 'UTC'))::date) OVER w
	    AS cohort
FROM orders o JOIN shop s ON s.shop_id = o.shop_id
WHERE o.customer_id IS NOT NULL AND o.deleted_at IS NULL
	AND o.cancelled_at IS NULL AND o.test IS NOT TRUE
	AND o.processed_at IS NOT NULL
WINDOW w AS (PARTITION BY o.shop_id, o.customer_id
    ORDER BY o.processed_at, o.id);
COMMENT ON VIEW customer_order IS
	'Orders that have a customer, numbered for each of them by time.';
SELECT describe_table('customer_order', $$
	shop_id, domain, customer_id, order_id: none; Shopify's numbers
	processed_at, day, currency, total, total_refunded: none; the order's
	nth: none; 1 is this customer's first order
	cohort: none; the first day of the month of that first order
$$);

CREATE VIEW returning_by_month WITH (security_invoker = true) AS
SELECT shop_id, domain, date_trunc('month', day)::date AS month, currency,
	count(*) AS orders, count(DISTINCT customer_id) AS customers,
	count(DISTINCT customer_id) FILTER (WHERE nth = 1) AS new_customers,
	count(DISTINCT customer_id) FILTER (WHERE
	    cohort < date_trunc('month', day)::date) AS returning_customers,
	sum(total) FILTER (WHERE nth = 1) AS first_total,
	sum(total) FILTER (WHERE nth > 1) AS repeat_total
FROM customer_order GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW returning_by_month IS
	'Who bought in a month for the first time, and who had bought in an earlier one.';
SELECT describe_table('returning_by_month', $$
	shop_id, domain, month, currency: none; which
	orders, customers: none; of the month; orders without a customer left out
	new_customers: none; whose first order is of this month
	returning_customers: none; whose first order is of an earlier month
	first_total, repeat_total: none; of first orders, and of all later ones
$$);

CREATE VIEW cohort_by_month WITH (security_invoker = true) AS
SELECT shop_id, domain, cohort, ((extract(year FROM age(
	    date_trunc('month', day), cohort)) * 12
	+ extract(month FROM age(date_trunc('month', day), cohort))))::int
	    AS months,
	currency, count(DISTINCT customer_id) AS customers, count(*) AS orders,
	sum(total) AS total, sum(total_refunded) AS refunded
FROM customer_order GROUP BY 1, 2, 3, 4, 5;
COMMENT ON VIEW cohort_by_month IS
	'Customers by the month of their first order, and what they bought in it and in each month since.';
SELECT describe_table('cohort_by_month', $$
	shop_id, domain, currency: none; which
	cohort: none; first day of the month of the first order
	months: none; months since; 0 is the cohort's own
	customers: none; that bought in that month
	orders, total, refunded: none; of that month
$$);

COMMENT ON VIEW orders_overview IS
	'An order a row, with what its lines, transactions and refunds add up to; cancelled and test orders too.';
SELECT describe_table('orders_overview', $$
	shop_id, domain, id, name, processed_at, customer_id: none; the order's
	financial_status, fulfillment_status, cancelled_at, test: none; the order's
	currency, total, total_tax, total_shipping: none; the order's
	total_discounts, total_refunded, current_total: none; the order's
	lines, quantity: none; how many lines, and pieces in them
	paid: none; successful sales and captures
	refunds: none; how many
$$);
COMMENT ON VIEW sales_by_day IS
	'What was ordered on a day, whenever it was paid; refunds of these orders, whenever they were made.';
SELECT describe_table('sales_by_day', $$
	shop_id, domain, day, currency: none; which
	orders, quantity: none; how many orders, and pieces in them
	total: none; with tax and shipping, less discounts
	tax, discounts: none; of that, and before that
	refunded: none; of these orders
	customers: none; different ones
$$);
