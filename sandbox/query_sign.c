/* Signed query strings. */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/conf.h"
#include "io/crypt.h"
#include "query_sign.h"

static int
by_name(const void *a, const void *b)
{
	return strcmp(
	    ((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

/* Names as they are, with the [] of a list. */
static const char *
joined(struct arena *mem, const struct pair *items, size_t n)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < n; i++)
		text = text_fmt(mem, "%s%s%s=%s", text, i ? "&" : "",
		    items[i].name, percent_of(mem, items[i].value));
	return text;
}

enum rc
query_hmac(struct cx *cx, struct slice secret, const struct pair *items,
    size_t n, const char **out)
{
	struct pair *sorted = ARENA_ARRAY(cx->mem, struct pair, n + 1);
	unsigned char mac[SHA256_BYTES];
	const char *text;
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (!text_same(items[i].name, "hmac") &&
		    !text_same(items[i].name, "signature"))
			sorted[kept++] = items[i];
	qsort(sorted, kept, sizeof(*sorted), by_name);
	text = joined(cx->mem, sorted, kept);
	TRY(crypt_hmac(cx, secret, slice_of(text), mac));
	*out = hex_of(cx->mem, mac, sizeof(mac));
	return RC_OK;
}

enum rc
query_signed(
    struct cx *cx, const struct pair *items, size_t n, const char **out)
{
	struct secret secret;
	const char *mac;

	TRY(conf_secret(cx, C_SHOPIFY_API_SECRET_FILE, &secret));
	TRY(query_hmac(
	    cx, (struct slice){ secret.p, secret.n }, items, n, &mac));
	*out =
	    text_fmt(cx->mem, "%s&hmac=%s", pairs_text(cx->mem, items, n), mac);
	return RC_OK;
}

const char *
query_host(struct arena *mem, const char *shop)
{
	const char *plain = text_fmt(
	    mem, "admin.shopify.com/store/%.*s", (int)strcspn(shop, "."), shop);
	char *host = base64_of(mem, plain, strlen(plain));

	host[strcspn(host, "=")] = '\0';
	return host;
}
