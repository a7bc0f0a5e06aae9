# A caller of the suite that runs in $VAR: a browser signed in to a shop, and the
# superuser's psql. Sourced after lib.sh; run.env must be read.
# shellcheck shell=sh disable=SC2034

sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@" -d "$DATABASE_URL" -f -
}

# json TEXT PATH: a member of a JSON text, by Postgres: jq may not be here.
json()
{
	echo "SELECT :'j'::jsonb #>> :'p';" | sql -v "j=$1" -v "p={$2}"
}

# ask [CURL'S WORDS] URL: a call by cookie, as our own pages make it.
ask()
{
	curl -q -sS --noproxy '*' --max-time 30 -b "$RUN/cookies" \
	    -c "$RUN/cookies" -H 'Sec-Fetch-Site: same-origin' \
	    -H 'Content-Type: application/json' "$@"
}

# connect SHOP: as the browser does it: ask where to go, accept there, come back
# signed in.
connect()
{
	connect_to=$(ask -f -d "{\"shop\":\"$1\"}" \
	    "$STOCKROOM_URL/api/auth/shopify/connect") ||
		fail "the install did not begin"
	ask -f -L -o /dev/null "$(json "$connect_to" authorize_url)&auto=1" ||
		fail "the install did not come back"
	ask -f -o "$RUN/session" "$STOCKROOM_URL/api/auth/session" ||
		fail "nobody is signed in after the install"
}

# pull_begin BODY: asks for a pull; its id is in PULL_ID.
pull_begin()
{
	PULL=$(ask -f -d "$1" "$STOCKROOM_URL/api/pulls") ||
		fail "the pull was refused"
	PULL_ID=$(json "$PULL" id)
}

pull_load()
{
	PULL=$(ask -f "$STOCKROOM_URL/api/pulls/$PULL_ID") ||
		fail "the pull cannot be read"
	PULL_STATE=$(json "$PULL" state)
}

pull_over()
{
	pull_load
	case $PULL_STATE in
	queued|running) return 1 ;;
	esac
}

# pull_end SECONDS: waits until it has ended, completed.
pull_end()
{
	await "$1" pull_over || fail "the pull does not end: $PULL"
	[ "$PULL_STATE" = completed ] || fail "the pull $PULL_STATE: $PULL"
}

# rows WORD: all rows of a table as the API gives them, what is personal opened;
# without our own times and pulls, so that two pulls can be compared.
rows()
{
	rows_after=
	while :; do
		ask -f "$STOCKROOM_URL/api/pulls/latest/results?resource=$1&limit=250$rows_after" \
		    > "$RUN/rows" || fail "the rows of $1 cannot be read"
		sed -e 's/"pulled_at": "[^"]*", //g' \
		    -e 's/"seen_pull": "[^"]*", //g' "$RUN/rows"
		echo
		rows_next=$(sed -n 's/.*"next":"\([0-9]*\)"}$/\1/p' "$RUN/rows")
		[ -n "$rows_next" ] || break
		rows_after="&after=$rows_next"
	done
}

rows_all()
{
	for rows_word in products variants customers orders lines \
	    transactions refunds refund_lines; do
		rows "$rows_word"
	done
}

# sandbox_control JSON: switches and commands of the sandbox; the answer is in
# SANDBOX_SAID.
sandbox_control()
{
	SANDBOX_SAID=$(curl -q -sS -f --noproxy '*' --max-time 60 -d "$1" \
	    -H 'Content-Type: application/json' \
	    -H "X-Sandbox-Key: $(cat "$SECRETS/sandbox_key")" \
	    "$SANDBOX_URL/control") || fail "the sandbox refused $1"
}

# sandbox_deliveries [QUERY]: its ledger of webhooks, the same.
sandbox_deliveries()
{
	SANDBOX_SAID=$(curl -q -sS -f --noproxy '*' --max-time 60 \
	    -H "X-Sandbox-Key: $(cat "$SECRETS/sandbox_key")" \
	    "$SANDBOX_URL/deliveries?${1:-}") ||
		fail "the sandbox does not tell of its deliveries"
}

# What our tables hold, a line "name number" each.
ours()
{
	sql <<-EOF | tr '|' ' '
	SET search_path = stockroom;
	SELECT 'products', count(*) FROM product WHERE deleted_at IS NULL
	UNION ALL SELECT 'variants', count(*) FROM variant
	    WHERE deleted_at IS NULL
	UNION ALL SELECT 'orders', count(*) FROM orders WHERE NOT partial
	UNION ALL SELECT 'lines', count(*) FROM order_line
	UNION ALL SELECT 'transactions', count(*) FROM order_transaction
	UNION ALL SELECT 'refunds', count(*) FROM refund
	UNION ALL SELECT 'customers', count(*) FROM customer
	UNION ALL SELECT 'net', coalesce(sum(CASE kind WHEN 'SALE' THEN amount
	    WHEN 'REFUND' THEN -amount ELSE 0 END), 0)
	    FROM order_transaction WHERE status = 'SUCCESS';
	EOF
}

# The same by the sandbox's own count.
truth()
{
	truth_all=$(ask -f "$SANDBOX_URL/$SANDBOX_SHOP/api/truth") ||
		fail "the sandbox does not tell its numbers"
	for truth_name in products variants orders lines transactions refunds \
	    customers; do
		echo "$truth_name $(json "$truth_all" "$truth_name")"
	done
	echo "net $(json "$truth_all" net,amount)"
}
