# Pulls in bulk of a large shop: complete, and flat in memory (REL-10).
# kyua: timeout=3600
#
# BULK_ORDERS says how many orders the largest has.

. "${STOCKROOM_SRC:?}/tests/suite.sh"

MOST_KB=65536

# rss_kb: the most that the process had which read a file.
rss_kb()
{
	sed -n 's/.*"at":"bulk.read".*"rss_kb":\([0-9]*\).*/\1/p' \
	    "$LOG/jobd.log" | sort -n | tail -n 1
}

# orders NUMBER: pulled whole, children and all.
orders()
{
	suite_start SANDBOX_ORDERS="$1" SANDBOX_PRODUCTS=1000 \
	    SANDBOX_CUSTOMERS=$(($1 / 3))
	connect "$SANDBOX_SHOP"
	pull_begin '{"mode":"bulk","resources":["products","orders","customers"]}'
	pull_end 3000
	complete
	[ "$(rss_kb)" -le $MOST_KB ] || atf_fail "it had $(rss_kb) kB"
	echo "$1 orders: $(wc -c < "$(ls -S "$VAR/sandbox/bulk"/*.jsonl |
	    head -n 1)") bytes, $(rss_kb) kB"
}

atf_test_case twenty_thousand_orders_come_whole cleanup
twenty_thousand_orders_come_whole_body()
{
	orders 20000
}
twenty_thousand_orders_come_whole_cleanup() { suite_stop; }

# 1.3 GB of lines.
atf_test_case two_hundred_thousand_orders_come_whole cleanup
two_hundred_thousand_orders_come_whole_body()
{
	orders "${BULK_ORDERS:-200000}"
}
two_hundred_thousand_orders_come_whole_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case twenty_thousand_orders_come_whole
	atf_add_test_case two_hundred_thousand_orders_come_whole
}
