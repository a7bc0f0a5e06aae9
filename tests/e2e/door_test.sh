# The door while its database is unwell: never 2xx, told within a second, and
# well again by itself (REL-6).
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/suite.sh"

begin()
{
	suite_start
	connect "$SANDBOX_SHOP"
	await 10 says 401 wrong || atf_fail 'the door stays shut'
	await 5 says 200 "$SHOPIFY_API_SECRET" || atf_fail 'nothing is taken'
	PGDATA=$(readlink -f "$VAR/pg")
}

# post SECRET: status, Retry-After and how long it took, in ./said.
post()
{
	post_n=$((${post_n:-0} + 1))
	post_body="{\"id\":$post_n,\"updated_at\":\"2026-11-24T10:00:00Z\"}"
	post_mac=$(printf '%s' "$post_body" | openssl dgst -sha256 -binary \
	    -hmac "$1" | openssl base64 -A)
	curl -q -sS --noproxy '*' -o answer -D head -w '%{http_code} %{time_total}' \
	    --max-time 10 -H 'X-Shopify-Topic: products/update' \
	    -H "X-Shopify-Hmac-Sha256: $post_mac" \
	    -H "X-Shopify-Shop-Domain: $SANDBOX_SHOP" \
	    -H "X-Shopify-Webhook-Id: $(cat /proc/sys/kernel/random/uuid)" \
	    --data-binary "$post_body" "$STOCKROOM_URL/webhooks" > said
}

says()
{
	post "$2"
	[ "$(cut -d' ' -f1 said)" = "$1" ]
}

# Each of five is refused in time, with a hint when to come back.
refuses()
{
	for _ in 1 2 3 4 5; do
		says 503 "$SHOPIFY_API_SECRET" || atf_fail "$1: $(cat said answer)"
		grep -qi '^retry-after: [0-9]' head || atf_fail "$1: no hint"
		[ "$(cut -d' ' -f2 said | cut -d. -f1)" -lt 1 ] ||
			atf_fail "$1: took $(cut -d' ' -f2 said) s"
	done
}

# Well again within two seconds of the database.
heals()
{
	began=$(date +%s%N)
	await 10 says 200 "$SHOPIFY_API_SECRET" ||
		atf_fail "$1: not well again: $(cat said answer)"
	ms=$((($(date +%s%N) - began) / 1000000))
	[ "$ms" -le 2500 ] || atf_fail "$1: well again only after $ms ms"
}

as_postgres()
{
	(cd / && if [ "$(id -u)" -eq 0 ]; then
		exec runuser -u postgres -- "$@"
	fi
	exec "$@")
}

pg_bin=/usr/lib/postgresql/15/bin

atf_test_case a_stopped_database_is_told_and_healed cleanup
a_stopped_database_is_told_and_healed_body()
{
	begin
	sockets=$(cat "$RUN/sockets")
	as_postgres "$pg_bin/pg_ctl" -D "$PGDATA" -w -m immediate stop > /dev/null
	refuses 'while it is down'
	as_postgres "$pg_bin/pg_ctl" -D "$PGDATA" -w -s -o "-k '$sockets/pg'" \
	    -l "$PGDATA/server.log" start > /dev/null
	heals 'after it is up'
}
a_stopped_database_is_told_and_healed_cleanup() { suite_stop; }

atf_test_case a_frozen_database_is_told_and_healed cleanup
a_frozen_database_is_told_and_healed_body()
{
	begin
	group=$(head -n 1 "$PGDATA/postmaster.pid")
	kill -STOP "$group" $(pgrep -P "$group")
	refuses 'while it is frozen'
	kill -CONT "$group" $(pgrep -P "$group")
	heals 'after it goes on'
}
a_frozen_database_is_told_and_healed_cleanup()
{
	group=$(head -n 1 var/pg/postmaster.pid)
	kill -CONT "$group" $(pgrep -P "$group")
	suite_stop
}

atf_test_case ended_connections_are_replaced cleanup
ended_connections_are_replaced_body()
{
	begin
	for _ in 1 2 3; do
		echo "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		    WHERE usename = 'stockroom_webhooks'" | sql > /dev/null
		heals 'after its connection was ended'
	done
}
ended_connections_are_replaced_cleanup() { suite_stop; }

atf_test_case a_database_that_refuses_writes_is_told cleanup
a_database_that_refuses_writes_is_told_body()
{
	begin
	echo "ALTER SYSTEM SET default_transaction_read_only = on;
	    SELECT pg_reload_conf();" | sql > /dev/null
	await 5 says 503 "$SHOPIFY_API_SECRET" || atf_fail "$(cat said answer)"
	refuses 'while it refuses writes'
	echo "SET transaction_read_only = off;
	    ALTER SYSTEM RESET default_transaction_read_only;" |
		PGOPTIONS='-c default_transaction_read_only=off' sql
	echo 'SELECT pg_reload_conf();' | sql > /dev/null
	heals 'after it takes writes'
}
a_database_that_refuses_writes_is_told_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_stopped_database_is_told_and_healed
	atf_add_test_case a_frozen_database_is_told_and_healed
	atf_add_test_case ended_connections_are_replaced
	atf_add_test_case a_database_that_refuses_writes_is_told
}
