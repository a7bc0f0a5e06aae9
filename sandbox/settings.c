/* What is settled when the sandbox starts, from its environment. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "world.h"

static const char *
text_or(const char *name, const char *fallback)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ? text : fallback;
}

static enum rc
number_or(struct cx *cx, const char *name, int64_t fallback, int64_t max,
    int64_t *out)
{
	const char *text = text_or(name, NULL);

	*out = fallback;
	if (text != NULL && !text_int(text, 0, max, out))
		return rc_fail(cx, RC_INPUT, "%s is \"%s\", not 0 to %lld",
		    name, text, (long long)max);
	return RC_OK;
}

/* SANDBOX_STATE names a file, or a folder to keep it in. */
static const char *
state_path(struct cx *cx)
{
	const char *path = text_or("SANDBOX_STATE", NULL);
	struct stat st;

	if (path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return text_fmt(cx->mem, "%s/state.json", path);
	return path;
}

/* A folder beside the state: what is to be sent, what can be fetched. */
static const char *
beside(struct cx *cx, const char *state, const char *name)
{
	const char *slash = state ? strrchr(state, '/') : NULL;

	if (state == NULL)
		return NULL;
	if (slash == NULL)
		return name;
	return text_fmt(cx->mem, "%.*s/%s", (int)(slash - state), state, name);
}

static enum rc
read_now(struct cx *cx, int64_t *out)
{
	const char *text = text_or("SANDBOX_NOW", NULL);
	int64_t us;

	*out = 0;
	if (text == NULL)
		return RC_OK;
	if (!clock_read(text, &us))
		return rc_fail(cx, RC_INPUT,
		    "SANDBOX_NOW is \"%s\", not a time (RFC 3339)", text);
	*out = us / 1000000;
	return RC_OK;
}

enum rc
settings_read(struct cx *cx, struct settings *out)
{
	int64_t seed;

	out->shop = text_or("SANDBOX_SHOP", "demo-shop.myshopify.com");
	out->csv = text_or("SANDBOX_CSV", NULL);
	out->state = state_path(cx);
	out->spool = beside(cx, out->state, "webhooks");
	out->bulk = beside(cx, out->state, "bulk");
	out->key_file = text_or("SANDBOX_KEY_FILE", NULL);
	out->scopes = text_or(
	    "SANDBOX_SCOPES", "read_products,read_orders,read_customers");
	out->redirects = text_or("SANDBOX_REDIRECTS", NULL);
	TRY(number_or(cx, "SANDBOX_SEED", 1, INT64_MAX, &seed));
	out->seed = (uint64_t)seed;
	TRY(number_or(cx, "SANDBOX_PRODUCTS", 120, 1000000, &out->products));
	TRY(number_or(cx, "SANDBOX_ORDERS", 300, 1000000, &out->orders));
	TRY(number_or(cx, "SANDBOX_CUSTOMERS", 150, 1000000, &out->customers));
	TRY(number_or(cx, "SANDBOX_SENDERS", 8, 64, &out->senders));
	TRY(number_or(cx, "SANDBOX_BIG_LINES", 263, 999, &out->big_lines));
	return read_now(cx, &out->now);
}
