# The views that people read: one small shop, every number by hand.

top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# Berlin is an hour ahead of UTC in winter: an order of 23:30 UTC is the next
# day's. Orders: 1 and 3 are customer 7's, 2 customer 8's, 4 nobody's; 5 was
# cancelled, 6 is a test, 7 is gone.
shop()
{
	pg_case
	pg_sql t > /dev/null <<-'EOF'
	SET search_path = stockroom;
	INSERT INTO shop (shop_id, domain, iana_timezone) VALUES
	    (1, 'a.myshopify.com', 'Europe/Berlin'),
	    (2, 'b.myshopify.com', 'UTC');
	INSERT INTO product (shop_id, id, title) VALUES (1, 50, 'Mug'),
	    (1, 51, 'Pan'), (2, 50, 'Not mine');
	INSERT INTO orders (shop_id, id, customer_id, processed_at, currency,
	    total, total_refunded, cancelled_at, test, deleted_at) VALUES
	    (1, 1, 7, '2026-01-31T22:30Z', 'EUR', 30, 10, NULL, false, NULL),
	    (1, 2, 8, '2026-01-31T23:30Z', 'EUR', 20, 0, NULL, NULL, NULL),
	    (1, 3, 7, '2026-03-10T12:00Z', 'EUR', 40, 0, NULL, false, NULL),
	    (1, 4, NULL, '2026-03-10T13:00Z', 'EUR', 5, 0, NULL, false, NULL),
	    (1, 5, 7, '2026-03-11T12:00Z', 'EUR', 99, 99, now(), false, NULL),
	    (1, 6, 7, '2026-03-11T12:00Z', 'EUR', 99, 0, NULL, true, NULL),
	    (1, 7, 7, '2026-03-11T12:00Z', 'EUR', 99, 0, NULL, false, now()),
	    (2, 1, 7, '2026-03-11T12:00Z', 'EUR', 1000, 0, NULL, false, NULL);
	INSERT INTO order_line (shop_id, id, order_id, product_id, variant_id,
	    quantity, unit_price, total_discount, currency, doc) VALUES
	    (1, 11, 1, 50, 500, 3, 10, 0, 'EUR', '{"discountAllocations": [
		{"allocatedAmountSet": {"shopMoney": {"amount": "1.50",
		"currencyCode": "EUR"}}, "discountApplication": {"index": 0}},
		{"allocatedAmountSet": {"shopMoney": {"amount": "0.50",
		"currencyCode": "EUR"}}, "discountApplication": {"index": 1}}]}'),
	    (1, 12, 2, 50, 500, 2, 10, 0, 'EUR', '{"discountAllocations": []}'),
	    (1, 13, 3, 51, 510, 1, 40, 5, 'EUR', '{}'),
	    (1, 14, 5, 51, 510, 9, 40, 0, 'EUR', '{}'),
	    (1, 15, 6, 51, 510, 9, 40, 0, 'EUR', '{}'),
	    (2, 16, 1, 50, 500, 100, 10, 0, 'EUR', '{}');
	INSERT INTO refund (shop_id, id, order_id, total, currency, created_at)
	    VALUES (1, 21, 1, 10, 'EUR', '2026-02-03T23:10Z'),
	    (1, 22, 5, 99, 'EUR', '2026-03-12T10:00Z');
	INSERT INTO refund_line (shop_id, id, refund_id, line_id, quantity,
	    restock_type, subtotal, currency) VALUES
	    (1, 31, 21, 11, 1, 'RETURN', 9, 'EUR'),
	    (1, 32, 22, 14, 9, 'NO_RESTOCK', 99, 'EUR');
	INSERT INTO order_transaction (shop_id, id, order_id, kind, status,
	    amount, currency, processed_at) VALUES
	    (1, 41, 1, 'SALE', 'SUCCESS', 30, 'EUR', '2026-01-31T22:30Z'),
	    (1, 42, 2, 'AUTHORIZATION', 'SUCCESS', 20, 'EUR',
		'2026-01-31T22:40Z'),
	    (1, 43, 2, 'CAPTURE', 'SUCCESS', 20, 'EUR', '2026-02-01T09:00Z'),
	    (1, 44, 2, 'CAPTURE', 'FAILURE', 20, 'EUR', '2026-02-01T08:00Z'),
	    (1, 45, 1, 'REFUND', 'SUCCESS', 10, 'EUR', '2026-02-03T23:10Z'),
	    (1, 46, 6, 'SALE', 'SUCCESS', 99, 'EUR', '2026-03-11T12:00Z');
	EOF
}

# answers VIEW'S COLUMNS AND MORE <<< the rows that must come
answers()
{
	# shellcheck disable=SC2005
	pg_answers "$(cat)" t <<-EOF
	SET search_path = stockroom;
	SELECT $1;
	EOF
}

a_case()
{
	eval "
		atf_test_case $1 cleanup
		$1_body() { shop; $1_rows; }
		$1_cleanup() { pg_stop; }
	"
}

a_case discounts_are_rows
discounts_are_rows_rows()
{
	answers "line_id, position, application, amount, currency
	    FROM discount_allocation ORDER BY 1, 2" <<-'EOF'
	11|1|0|1.50|EUR
	11|2|1|0.50|EUR
	EOF
}

a_case lines_of_orders_that_count_have_their_shops_day
lines_of_orders_that_count_have_their_shops_day_rows()
{
	answers "line_id, day, gross, discounts, net FROM sold_line
	    WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	11|2026-01-31|30|2.00|28.00
	12|2026-02-01|20|0|20
	13|2026-03-10|40|5|35
	EOF
}

a_case money_counts_on_the_day_it_moved
money_counts_on_the_day_it_moved_rows()
{
	answers "day, transactions, paid, refunded, net FROM revenue_by_day
	    WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	2026-01-31|1|30||30
	2026-02-01|1|20||20
	2026-02-04|1||10|-10
	EOF
}

a_case a_product_has_its_days_and_what_came_back
a_product_has_its_days_and_what_came_back_rows()
{
	answers "day, product_id, variant_id, orders, quantity, net,
	    refunded_quantity, refunded FROM product_sales_by_day
	    WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	2026-01-31|50|500|1|3|28.00|1|9
	2026-02-01|50|500|1|2|20|0|0
	2026-03-10|51|510|1|1|35|0|0
	EOF
}

a_case products_are_ranked_by_what_they_brought
products_are_ranked_by_what_they_brought_rows()
{
	answers "rank, product_id, title, quantity, net, refunded, last_sold
	    FROM top_products WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	1|50|Mug|5|48.00|9|2026-02-01
	2|51|Pan|1|35|0|2026-03-10
	EOF
}

a_case refunds_have_their_day_and_their_pieces
refunds_have_their_day_and_their_pieces_rows()
{
	answers "day, refunds, orders, total, quantity, restocked
	    FROM refunds_by_day WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	2026-02-04|1|1|10|1|1
	2026-03-12|1|1|99|9|0
	EOF
}

a_case customers_are_new_once_and_return_afterwards
customers_are_new_once_and_return_afterwards_rows()
{
	answers "order_id, customer_id, nth, cohort FROM customer_order
	    WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	1|7|1|2026-01-01
	2|8|1|2026-02-01
	3|7|2|2026-01-01
	EOF
	answers "month, orders, customers, new_customers, returning_customers,
	    first_total, repeat_total FROM returning_by_month
	    WHERE shop_id = 1 ORDER BY 1" <<-'EOF'
	2026-01-01|1|1|1|0|30|
	2026-02-01|1|1|1|0|20|
	2026-03-01|1|1|0|1||40
	EOF
}

a_case cohorts_are_followed_month_by_month
cohorts_are_followed_month_by_month_rows()
{
	answers "cohort, months, customers, orders, total, refunded
	    FROM cohort_by_month WHERE shop_id = 1 ORDER BY 1, 2" <<-'EOF'
	2026-01-01|0|1|1|30|10
	2026-01-01|2|1|1|40|0
	2026-02-01|0|1|1|20|0
	EOF
}

a_case the_reader_reads_all_of_them
the_reader_reads_all_of_them_rows()
{
	for view in discount_allocation sold_line revenue_by_day \
	    product_sales_by_day top_products refunds_by_day customer_order \
	    returning_by_month cohort_by_month; do
		pg_sql t stockroom_reader > rows <<-EOF
		SELECT count(*) FROM stockroom.$view;
		EOF
	done
}

a_case every_view_and_column_says_what_it_means
every_view_and_column_says_what_it_means_rows()
{
	pg_answers '' t <<-'EOF'
	SELECT c.relname, a.attname FROM pg_class c
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 'stockroom'::regnamespace AND c.relkind = 'v'
	    AND has_table_privilege('stockroom_reader', c.oid, 'SELECT')
	    AND (obj_description(c.oid) IS NULL
		OR col_description(c.oid, a.attnum) IS NULL);
	EOF
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^a_case \(.*\)/\1/p' \
	    "$top/tests/sql/report_test.sh"); do
		atf_add_test_case "$name"
	done
}
