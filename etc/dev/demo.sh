#! /bin/sh
# The main job unattended, in a suite of its own that is made anew: connect the
# sandbox shop, pull its four kinds a page at a time and then in bulk, which
# must give the same rows, what is sealed opened; let three objects change; and
# hold every number against the sandbox's own. Not one may differ.

VAR=${DEMO_VAR:-build/demo}
. "$(dirname "$0")/lib.sh"
. "$DEV/client.sh"
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

suite()
{
	forget
	"$DEV/start.sh" > /dev/null || fail "the suite did not start"
	trap '"$DEV/stop.sh" > /dev/null' EXIT
	trap 'exit 130' INT TERM
	. "$VAR/run.env"
	took "Postgres, sandbox, programs and jobd are up"
}

# pull MODE: all four kinds; the rows are in $RUN/MODE.
pull()
{
	pull_begin "{\"mode\":\"$1\",\"resources\":[\"products\",\"orders\",\"transactions\",\"customers\"]}"
	pull_end 120
	took "products, orders, transactions and customers are pulled, $1"
	rows_all > "$RUN/$1"
}

# Nothing of the pull before may be left, or it would be compared with itself.
empty()
{
	sql <<-EOF
	SET search_path = stockroom;
	TRUNCATE product, variant, customer, orders, order_line,
	    order_transaction, refund, refund_line;
	EOF
}

both_modes()
{
	pull paged
	empty
	pull bulk
	cmp -s "$RUN/paged" "$RUN/bulk" ||
		fail "the two pulls differ: diff $RUN/paged $RUN/bulk"
	took "both gave the same $(wc -c < "$RUN/bulk") bytes of rows"
}

# webhooks WHERE...: how many of the shop's are in such a state, those apart that
# tell of the end of a bulk operation.
webhooks()
{
	echo "SELECT count(*) FROM stockroom.webhook WHERE $1
	    AND topic <> 'bulk_operations/finish'" | sql
}

subscribed()
{
	[ "$(echo "SELECT count(*) FROM stockroom.subscription" | sql)" -gt 0 ]
}

applied()
{
	[ "$(webhooks "state = 'applied'")" -ge 3 ] &&
		[ "$(echo "SELECT count(*) FROM stockroom.changed" | sql)" = 0 ]
}

# Three objects change in the shop; Shopify tells us, and we read them again.
change()
{
	await 30 subscribed || fail "no webhook subscription was made"
	for type in products orders customers; do
		sandbox_control "{\"change\":{\"type\":\"$type\",\"count\":1}}"
	done
	await 30 applied || fail "the three webhooks were not applied"
	KEPT=$(webhooks true)
	APPLIED=$(webhooks "state = 'applied'")
}

same()
{
	echo "SELECT :'a'::numeric = :'b'::numeric;" | sql -v "a=$1" -v "b=$2"
}

compare()
{
	ours > "$RUN/ours"
	truth > "$RUN/truth"
	DIFFER=0
	printf '\n  %-14s %12s %12s\n' '' ours Shopify
	while read -r name number; do
		theirs=$(sed -n "s/^$name //p" "$RUN/truth")
		verdict=
		[ "$(same "$number" "$theirs")" = t ] || {
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
	printf 'webhooks_kept=%s\nwebhooks_applied=%s\n' "$KEPT" "$APPLIED"
	awk -v ms=$(($(now_ms) - BEGAN)) \
	    'BEGIN { printf "seconds=%.1f\n", ms / 1000 }'
}

suite
connect "$SANDBOX_SHOP"
took "$SANDBOX_SHOP is connected"
both_modes
change
took "three objects changed, and their webhooks are applied"
compare
sum
[ "$DIFFER" -eq 0 ] || fail "our numbers are not the sandbox's"
