# Secrets of a private run, each a file of mode 0400 or 0600. Sourced.
# shellcheck shell=sh

# secret NAME VALUE: keeps a value that the environment named.
secret_put()
{
	printf '%s\n' "$2" | put "$SECRETS/$1" 600
}

# secret NAME BYTES: makes one once, as hex digits.
secret_mint()
{
	[ -s "$SECRETS/$1" ] ||
		openssl rand -hex "$2" | put "$SECRETS/$1" "${3:-600}"
}

secrets_make()
{
	mkdir -p "$SECRETS/kek"
	secret_mint kek/1 32 400
	if [ -n "${SHOPIFY_API_SECRET:-}" ]; then
		secret_put shopify_api_secret "$SHOPIFY_API_SECRET"
	fi
	secret_mint shopify_api_secret 16
	if [ -n "${SHOPIFY_API_KEY:-}" ]; then
		secret_put shopify_api_key "$SHOPIFY_API_KEY"
	fi
	secret_mint shopify_api_key 16
	secret_mint sandbox_key 16
}
