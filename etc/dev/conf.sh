# Writes stockroom.conf and run.env of a private run. Sourced.
# shellcheck shell=sh

# The shops whose hosts are mapped to the sandbox.
SANDBOX_SHOP=${SANDBOX_SHOP:-demo-shop.myshopify.com}
SANDBOX_SHOPS=${SANDBOX_SHOPS:-second-shop.myshopify.com third-shop.myshopify.com}

# conf NAME DEFAULT: a line; what stands in the environment wins.
conf()
{
	eval "conf_value=\${$1:-}"
	printf '%s=%s\n' "$1" "${conf_value:-$2}"
}

conf_map()
{
	conf_list=
	for conf_host in "$SANDBOX_SHOP" $SANDBOX_SHOPS bulk.sandbox.test \
	    llm.sandbox.test; do
		conf_list=$conf_list,$conf_host:443:127.0.0.1:$TLS_PORT
	done
	say "${conf_list#,}"
}

# The keyring lies beside the main database unless it is named.
conf_keyring()
{
	[ -z "${KEYRING_URL:-}" ] || {
		say "$KEYRING_URL"
		return
	}
	say "$1" | sed 's,^\([a-z]*://[^/]*/\)[^?]*,\1stockroom_keys,'
}

conf_lines()
{
	conf DATABASE_URL "postgresql:///stockroom?host=$PG_SOCKET"
	printf 'KEYRING_URL=%s\n' "$(conf_keyring \
	    "${DATABASE_URL:-postgresql:///stockroom?host=$PG_SOCKET}")"
	conf APP_URL "$URL"
	conf APP_HOME /test-ui/
	printf 'SHOPIFY_API_KEY=%s\n' "$(cat "$SECRETS/shopify_api_key")"
	printf 'SHOPIFY_API_SECRET_FILE=%s\n' "$SECRETS/shopify_api_secret"
	conf SCOPES read_products,read_orders,read_customers
	conf API_VERSION 2026-10
	conf KEK_DIR "$SECRETS/kek"
	printf 'RUN_DIR=%s\n' "$RUN"
	conf CONNECT_TO "$(conf_map)"
	conf CA_FILE "$VAR/tls/ca.pem"
	conf ADMIN_ORIGIN "http://127.0.0.1:$PORT/sandbox/{shop}"
	conf BULK_HOSTS storage.googleapis.com,bulk.sandbox.test
	conf WWW_DIR "$SRC/www"
	conf OPENAPI_DIR "$BUILD/openapi"
	conf JOBD_CHILDREN 2
	conf LOG_LEVEL info
	conf HANDLERS_FILE ''
	conf FORWARD_SECRET_FILE ''
	conf_others
}

# What a test may want otherwise; the program's own where it says nothing.
conf_others()
{
	for conf_name in RATE_ADDRESS_PER_MIN RATE_KEY_PER_MIN \
	    RATE_SHOP_PER_MIN SESSION_IDLE_S SESSION_MAX_S MAX_REQUESTS \
	    CACHE_URL CACHE_PASSWORD_FILE; do
		eval "conf_value=\${$conf_name:-}"
		[ -z "$conf_value" ] || say "$conf_name=$conf_value"
	done
}

conf_write()
{
	conf_lines | put "$CONF" 600
}

# What people and checks read; plain enough for "." in a shell.
run_env_write()
{
	{
		conf STOCKROOM_URL "$URL"
		conf STOCKROOM_KEY "$(cat "$SECRETS/operator_key")"
		conf SHOPIFY_API_KEY "$(cat "$SECRETS/shopify_api_key")"
		conf SHOPIFY_API_SECRET "$(cat "$SECRETS/shopify_api_secret")"
		conf DATABASE_URL "$ADMIN_URL"
		conf SANDBOX_URL "http://127.0.0.1:$PORT/sandbox"
		conf SANDBOX_SHOP "$SANDBOX_SHOP"
	} | put "$VAR/run.env" 600
}
