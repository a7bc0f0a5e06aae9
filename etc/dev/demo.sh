#! /bin/sh
# The main job unattended, in a suite of its own that is made anew: connect the
# sandbox shop, pull its four kinds, and hold every number against the
# sandbox's own. Not one may differ.

. "$(dirname "$0")/lib.sh"

VAR=$(absolute "${DEMO_VAR:-build/demo}")
RUN=$VAR/run
export VAR PORT=0

now_ms()
{
	echo $(($(date +%s%N) / 1000000))
}

BEGAN=$(now_ms)
AT=$BEGAN

# took WORDS: says what the step took since the one before.
took()
{
	took_now=$(now_ms)
	printf '  %6d ms  %s\n' $((took_now - AT)) "$*"
	AT=$took_now
}

sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@" -d "$DATABASE_URL" -f -
}

# json TEXT PATH: a member of a JSON text, by Postgres: jq may not be here.
json()
{
	echo "SELECT :'j'::jsonb #>> :'p';" | sql -v "j=$1" -v "p={$2}"
}

ask()
{
	curl -q -sS --noproxy '*' --max-time 30 -b "$RUN/cookies" \
	    -c "$RUN/cookies" -H 'Sec-Fetch-Site: same-origin' \
	    -H 'Content-Type: application/json' "$@"
}

suite()
{
	"$DEV/stop.sh" > /dev/null
	rm -rf "${VAR:?}"
	"$DEV/start.sh" > /dev/null || fail "the suite did not start"
	trap '"$DEV/stop.sh" > /dev/null' EXIT
	trap 'exit 130' INT TERM
	. "$VAR/run.env"
	took "Postgres, sandbox, programs and jobd are up"
}

# As the browser does it: ask where to go, accept there, come back signed in.
connect()
{
	connect_to=$(ask -f -d "{\"shop\":\"$SANDBOX_SHOP\"}" \
	    "$STOCKROOM_URL/api/auth/shopify/connect") ||
		fail "the install did not begin"
	ask -f -L -o /dev/null "$(json "$connect_to" authorize_url)&auto=1" ||
		fail "the install did not come back"
	ask -f -o "$RUN/session" "$STOCKROOM_URL/api/auth/session" ||
		fail "nobody is signed in after the install"
	took "$SANDBOX_SHOP is connected"
}

pull_state()
{
	PULL=$(ask -f "$STOCKROOM_URL/api/pulls/$PULL_ID") ||
		fail "the pull cannot be read"
	PULL_STATE=$(json "$PULL" state)
}

pull_over()
{
	pull_state
	case $PULL_STATE in
	queued|running) return 1 ;;
	esac
}

pull()
{
	PULL=$(ask -f -d '{"resources":["products","orders","transactions","customers"]}' \
	    "$STOCKROOM_URL/api/pulls") || fail "the pull was refused"
	PULL_ID=$(json "$PULL" id)
	await 120 pull_over || fail "the pull does not end: $PULL"
	[ "$PULL_STATE" = completed ] || fail "the pull $PULL_STATE: $PULL"
	took "products, orders, transactions and customers are pulled"
}

# What our tables hold, a line "name number" each.
ours()
{
	sql <<-EOF
	SET search_path = stockroom;
	SELECT 'products', count(*) FROM product WHERE deleted_at IS NULL
	UNION ALL SELECT 'variants', count(*) FROM variant
	    WHERE deleted_at IS NULL
	UNION ALL SELECT 'orders', count(*) FROM orders WHERE NOT partial
	UNION ALL SELECT 'lines', count(*) FROM order_line
	UNION ALL SELECT 'transactions', count(*) FROM order_transaction
	UNION ALL SELECT 'refunds', count(*) FROM refund
	UNION ALL SELECT 'customers', count(*) FROM customer
	UNION ALL SELECT 'net', sum(CASE kind WHEN 'SALE' THEN amount
	    WHEN 'CAPTURE' THEN amount WHEN 'REFUND' THEN -amount ELSE 0 END)
	    FROM order_transaction WHERE status = 'SUCCESS';
	EOF
}

truth()
{
	TRUTH=$(ask -f "$SANDBOX_URL/$SANDBOX_SHOP/api/truth") ||
		fail "the sandbox does not tell its numbers"
}

truth_of()
{
	case $1 in
	net) json "$TRUTH" net,amount ;;
	*) json "$TRUTH" "$1" ;;
	esac
}

compare()
{
	truth
	DIFFER=0
	ours | tr '|' ' ' > "$RUN/ours"
	printf '\n  %-14s %12s %12s\n' '' ours Shopify
	while read -r name number; do
		theirs=$(truth_of "$name")
		verdict=
		[ "$(echo "SELECT :'a'::numeric = :'b'::numeric;" |
		    sql -v "a=$number" -v "b=$theirs")" = t ] || {
			verdict='  differs'
			DIFFER=1
		}
		printf '  %-14s %12s %12s%s\n' "$name" "$number" "$theirs" \
		    "$verdict"
	done < "$RUN/ours"
	printf '\n'
	took "compared"
}

sum()
{
	sed 's/ /=/' "$RUN/ours"
	awk -v ms=$(($(now_ms) - BEGAN)) \
	    'BEGIN { printf "seconds=%.1f\n", ms / 1000 }'
}

suite
connect
pull
compare
sum
[ "$DIFFER" -eq 0 ] || fail "our numbers are not the sandbox's"
