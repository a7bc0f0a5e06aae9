# Webhooks as Shopify sends them, signed. Sourced after suite.sh.
# shellcheck shell=sh

# A new installation has no inbox key until jobd has made the first.
open()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' -d '{}' \
	    "$STOCKROOM_URL/webhooks")" = 401 ]
}

new_id()
{
	cat /proc/sys/kernel/random/uuid
}

# send STATUS TOPIC BODY [DELIVERY [DOMAIN [SECRET]]]
send()
{
	mac=$(printf '%s' "$3" | openssl dgst -sha256 -binary \
	    -hmac "${6:-$SHOPIFY_API_SECRET}" | openssl base64 -A)
	got=$(curl -q -sS --noproxy '*' -o answer -w '%{http_code}' \
	    -H 'Content-Type: application/json' -H "X-Shopify-Topic: $2" \
	    -H "X-Shopify-Hmac-Sha256: $mac" \
	    -H "X-Shopify-Shop-Domain: ${5:-$SANDBOX_SHOP}" \
	    -H 'X-Shopify-API-Version: 2026-10' \
	    -H "X-Shopify-Webhook-Id: ${4:-$(new_id)}" \
	    -H "X-Shopify-Triggered-At: ${TRIGGERED:-$(date -u +%FT%T.123456789Z)}" \
	    --data-binary "$3" "$STOCKROOM_URL/webhooks")
	[ "$got" = "$1" ] || atf_fail "$2: wanted $1, got $got: $(cat answer)"
}

is()
{
	[ "$2" = "$1" ] || atf_fail "wanted $1, got $2"
}
