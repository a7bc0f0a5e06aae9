/* Shop names and hosts: checked before they are used for anything. */
#include <string.h>

#include "base/code.h"
#include "base/text.h"
#include "shopify/name.h"

#define SUFFIX ".myshopify.com"

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool
is_shop_name(const char *text)
{
	const size_t n = strlen(text);
	const size_t tail = strlen(SUFFIX);
	size_t i;

	if (n <= tail || n > tail + 60 || !text_ends(text, SUFFIX))
		return false;
	for (i = 0; i < n - tail; i++)
		if (!is_name_byte(text[i]))
			return false;
	return text[0] != '-';
}

enum rc
shop_name(struct cx *cx, const char *text, const char **out)
{
	const char *name = text ? text_lower(cx->mem, text) : NULL;

	if (!name || !is_shop_name(name))
		return rc_field(cx, RC_INPUT, "shop",
		    "a name like example.myshopify.com", text);
	*out = name;
	return RC_OK;
}

static bool
ends(struct slice s, const char *tail)
{
	const size_t n = strlen(tail);

	return s.n > n && memcmp(s.p + s.n - n, tail, n) == 0;
}

/* The host before the first slash, of a host's bytes only: no user, no port. */
static bool
is_admin_host(const char *name)
{
	const struct slice host = { name, strcspn(name, "/") };
	size_t i;

	for (i = 0; i < host.n; i++)
		if (!is_name_byte(host.p[i]) && host.p[i] != '.')
			return false;
	return ends(host, SUFFIX) || ends(host, ".shopify.com");
}

/* Shopify leaves the padding away; the strict decoder wants it. */
static char *
padded(struct arena *mem, const char *text)
{
	static const char *const pad[] = { "", "", "==", "=" };
	const size_t n = strcspn(text, "=");

	return text_fmt(mem, "%.*s%s", (int)n, text, pad[n % 4]);
}

enum rc
host_name(struct cx *cx, const char *host, const char **out)
{
	struct slice raw;
	const char *name;

	if (!host || strlen(host) > 512 ||
	    !base64_to(cx->mem, slice_of(padded(cx->mem, host)), &raw) ||
	    memchr(raw.p, '\0', raw.n))
		return rc_field(cx, RC_INPUT, "host",
		    "base64 of an address of Shopify's admin", host);
	name = text_of(cx->mem, raw);
	if (!is_admin_host(name))
		return rc_field(cx, RC_INPUT, "host",
		    "base64 of an address of Shopify's admin", name);
	*out = name;
	return RC_OK;
}

bool
gid_number(const char *gid, int64_t *out)
{
	const char *slash = gid ? strrchr(gid, '/') : NULL;

	if (!slash || !text_starts(gid, "gid://shopify/"))
		return false;
	return text_int(slash + 1, 1, INT64_MAX, out);
}
