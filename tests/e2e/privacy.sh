# What the tests of the privacy law share. Sourced after suite.sh.
# shellcheck shell=sh disable=SC2034

. "$SRC/tests/deliver.sh"

begin()
{
	suite_start "$@"
	connect "$SANDBOX_SHOP"
	SHOP_ID=$(echo "SELECT shop_id FROM stockroom.shop" | sql)
	await 10 open || atf_fail 'the door stays shut'
	pull_begin '{"resources":["products","customers","orders"]}'
	pull_end 60
}

# operator METHOD PATH [CURL'S WORDS]
operator()
{
	method=$1
	path=$2
	shift 2
	curl -q -sS --noproxy '*' -X "$method" "$@" \
	    -H "Authorization: Bearer $STOCKROOM_KEY" \
	    -H 'Content-Type: application/json' "$STOCKROOM_URL$path"
}

# A customer with an e-mail and orders, and somebody else.
choose()
{
	CUSTOMER=$(echo "SELECT customer_id FROM stockroom.orders
	    WHERE customer_id IN (SELECT id FROM stockroom.customer
		WHERE email_valid) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1" |
		sql)
	OTHERS="(SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM
	    stockroom.customer c WHERE id <> $CUSTOMER),
	    (SELECT md5(string_agg(o::text, '|' ORDER BY id)) FROM
	    stockroom.orders o WHERE customer_id <> $CUSTOMER)"
	operator GET "/api/pulls/latest/results?resource=customers&id=$CUSTOMER&shop=$SANDBOX_SHOP" \
	    > customer.json
	EMAIL=$(json "$(cat customer.json)" items,0,personal,email)
	NAME=$(json "$(cat customer.json)" items,0,personal,displayName)
	[ -n "$EMAIL" ] || atf_fail "no e-mail: $(cat customer.json)"
}

# All that the database, its WAL, the logs and the spool hold; $1: a file to make.
everything()
{
	pg_dump -Fp "$DATABASE_URL" > "$1"
	echo 'VACUUM; CHECKPOINT;' | sql > /dev/null
	cat "$LOG"/* "$RUN"/* >> "$1" 2> /dev/null || :
	find "$(readlink -f "$VAR/pg")/" -type f -exec cat {} + >> "$1"
}

# silent_of FILE WORD...: in none of its forms.
silent_of()
{
	held=$1
	shift
	for word; do
		forms "$word" > forms
		! LC_ALL=C grep -a -q -i -F -f forms "$held" ||
			atf_fail "still there: $word"
	done
}

# As it is, as JSON escapes it, base64 at its three places, percent-encoded.
forms()
{
	printf '%s\n' "$1"
	printf '%s' "$1" | jq -R -a -r tojson | sed 's/^"//; s/"$//'
	printf '%s' "$1" | jq -R -r @uri
	for pad in '' x xx; do
		printf '%s%s' "$pad" "$1" | base64 -w 0 | cut -c 5- |
			sed 's/.....$//'
		echo
	done | grep -E '.{8}'
}

asked()
{
	[ "$(echo "SELECT count(*) FROM stockroom.privacy WHERE state = 'asked'
	    OR NOT EXISTS (SELECT FROM stockroom.privacy)" | sql)" = 0 ] &&
		[ "$(echo "SELECT count(*) FROM stockroom.privacy" | sql)" = "$1" ]
}

done_all()
{
	await 60 asked "$1" || atf_fail "not done: $(echo "SELECT kind, state,
	    reason FROM stockroom.privacy" | sql) $(echo "SELECT topic, state,
	    reason FROM stockroom.webhook" | sql) $(tail -5 "$LOG/jobd.log")"
}

settled()
{
	[ "$(echo "SELECT count(*) FROM stockroom.webhook
	    WHERE inbox_id IS NOT NULL" | sql)" = 0 ]
}

redact()
{
	send 200 customers/redact "{\"shop_id\":$SHOP_ID,\"shop_domain\":\"$SANDBOX_SHOP\",\"customer\":{\"id\":$CUSTOMER,\"email\":\"$EMAIL\",\"phone\":\"555-625-1199\"},\"orders_to_redact\":[]}"
}

customer_gone()
{
	[ "$(echo "SELECT count(*) FROM stockroom.customer
	    WHERE id = $CUSTOMER" | sql)" = 0 ]
}
