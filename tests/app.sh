# Our programs in CGI mode over a database of their own, from a test. Source it,
# then in a case:
#	app_case               database, keys and settings; app_stop in cleanup
#	program auth           as tests/cgi.sh has it
#	KEY=$(operator_key)    a key of the operator's
#	shop_made NUMBER NAME  a shop that installed us, without a token
#	shop_key NAME [SCOPES] a key of that shop's

top=${STOCKROOM_SRC:?}
build=${STOCKROOM_BUILD:?}
. "$top/tests/pg.sh"
. "$top/tests/cgi.sh"

# Settings come by the environment, which wins over any file.
app_settings()
{
	umask 077
	mkdir -p kek
	printf '%064d' 7 > kek/1
	chmod 400 kek/1
	printf hush > secret
	: > stockroom.conf
	DATABASE_URL=$(pg_plain_url t)
	KEYRING_URL=$(pg_plain_url t_keys)
	export DATABASE_URL KEYRING_URL KEK_DIR="$PWD/kek" \
	    SHOPIFY_API_SECRET_FILE="$PWD/secret" \
	    SHOPIFY_API_KEY=app-key APP_URL=https://app.test \
	    WWW_DIR="$top/www" OPENAPI_DIR="$build/openapi" RUN_DIR="$PWD" \
	    SCOPES=read_products,read_orders STOCKROOM_CONF="$PWD/stockroom.conf"
}

# The address without a user: each program adds its own role.
pg_plain_url()
{
	echo "host=$PG_DIR dbname=$1"
}

app_case()
{
	pg_case
	app_settings
}

app_stop()
{
	pg_stop
}

operator_key()
{
	"$build/bin/stockroom" keys mint --operator --label test "$@"
}

shop_key()
{
	"$build/bin/stockroom" keys mint --shop "$1" --scopes "${2:-*}"
}

shop_made()
{
	pg_sql t <<-EOF
	SET app.shop_id = '$1';
	INSERT INTO stockroom.shop (shop_id, domain, name, scopes)
	VALUES ($1, '$2', 'Shop $1', '{read_products,write_orders}');
	EOF
}

# One member of a JSON answer, by jq's words.
json()
{
	sed '1,/^\r*$/d' | jq -r "$1"
}

# jwt SHOP EXP: a session token of the shop, signed by "hush" (shopify.md 2.5).
b64url()
{
	openssl base64 -A | tr '+/' '-_' | tr -d '='
}

jwt()
{
	local head claims mac

	head=$(printf '{"alg":"HS256","typ":"JWT"}' | b64url)
	claims=$(printf '{"iss":"https://%s/admin","dest":"https://%s","aud":"app-key","sub":"42","exp":%d,"nbf":%d,"iat":%d}' \
	    "$1" "$1" "$2" $(($2 - 60)) $(($2 - 60)) | b64url)
	mac=$(printf '%s' "$head.$claims" |
	    openssl dgst -sha256 -hmac hush -binary | b64url)
	echo "$head.$claims.$mac"
}
