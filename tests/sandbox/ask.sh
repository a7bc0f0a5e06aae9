# The pretended Shopify as a program, asked from a test. In CGI mode each request
# is a process, so what must last lies in its state file. Source it:
#	top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
#	. "$top/tests/sandbox/ask.sh"
# shellcheck shell=sh disable=SC2034,SC2120

. "${top:?}/tests/cgi.sh"

SHOP=demo-shop.myshopify.com
AUTHORIZE=/sandbox/$SHOP/admin/oauth/authorize
CALLBACK=http://app.test/api/auth/shopify/callback

begin()
{
	program sandbox
	: > conf
	printf 'hush' > secret
	printf 'control' > key
	chmod 600 conf secret key
	STOCKROOM_CONF=$PWD/conf
	SHOPIFY_API_KEY=client
	SHOPIFY_API_SECRET_FILE=$PWD/secret
	APP_URL=http://app.test
	SANDBOX_STATE=$PWD/state.json
	SANDBOX_KEY_FILE=$PWD/key
	SANDBOX_PRODUCTS=8 SANDBOX_ORDERS=60 SANDBOX_CUSTOMERS=4
	LOG_LEVEL=err
	export STOCKROOM_CONF SHOPIFY_API_KEY SHOPIFY_API_SECRET_FILE APP_URL \
	    SANDBOX_STATE SANDBOX_KEY_FILE SANDBOX_PRODUCTS SANDBOX_ORDERS \
	    SANDBOX_CUSTOMERS LOG_LEVEL
}

# call STATUS METHOD PATH [HEADER...]: the answer is in ./answer; a body comes
# from ./body.
call()
{
	want=$1
	shift
	request "$@" "Host: ${HOST:-$SHOP}" < body > answer ||
		atf_fail "exit $?"
	grep -q "^Status: $want" answer ||
		atf_fail "wanted $want, got $(cat answer)"
}

has()
{
	grep -qF -- "$1" answer || atf_fail "no $1 in $(cat answer)"
}

lacks()
{
	! grep -qF -- "$1" answer || atf_fail "there is $1 in $(cat answer)"
}

# The text member NAME of the answer.
member()
{
	sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" answer
}

number()
{
	sed -n "s/.*\"$1\":\\(-*[0-9]*\\)[,}].*/\\1/p" answer
}

query()
{
	printf 'client_id=client&scope=%s&redirect_uri=%s&state=st%%20ate' \
	    "${SCOPE:-read_products,read_orders}" "${1:-$CALLBACK}"
}

# The parameter NAME of the answer's Location.
from_location()
{
	sed -n "s/^Location: .*[?&]$1=\\([^&]*\\).*/\\1/p" answer | tr -d '\r'
}

install()
{
	: > body
	call 302 GET "$AUTHORIZE?$(query)&auto=1"
	CODE=$(from_location code)
}

# token STATUS name=value...: to the token end point, as a form.
token()
{
	token_want=$1
	shift
	printf 'client_id=client&client_secret=%s' "${SECRET:-hush}" > body
	for pair in "$@"; do
		printf '&%s' "$pair" >> body
	done
	call "$token_want" POST /admin/oauth/access_token \
	    'Content-Type: application/x-www-form-urlencoded'
}

connected()
{
	install
	token 200 "code=$CODE" expiring=1
	ACCESS=$(member access_token)
	REFRESH=$(member refresh_token)
}

# ask STATUS QUERY [VERSION]: a quote in the query is written \".
ask()
{
	printf '{"query":"%s"}' "$2" | tr '\n\t' '  ' > body
	call "$1" POST "/admin/api/${3:-2026-10}/graphql.json" \
	    "X-Shopify-Access-Token: $ACCESS"
}

control()
{
	printf '%s' "$1" > body
	call "${2:-200}" POST /sandbox/control 'X-Sandbox-Key: control'
}
