/* The table of switches. */
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "rules.h"

enum { DAY_S = 24 * 3600, LONG_S = 400 * DAY_S };

/* clang-format off */
#define R(name, fallback, min, max, what) \
	{ #name, offsetof(struct rules, name), fallback, min, max, what }
static const struct rule table[] = {
	R(clock_skew_s, 0, -LONG_S, LONG_S, "Seconds that the clock of tokens and orders is ahead"),
	R(callback_skew_s, 0, -LONG_S, LONG_S, "Seconds that the timestamp of a callback is ahead"),
	R(code_s, 600, 0, DAY_S, "Life of an authorization code"),
	R(access_token_s, 3600, 0, LONG_S, "Life of an expiring offline token"),
	R(refresh_token_s, 90 * DAY_S, 0, LONG_S, "Life of a refresh token"),
	R(online_token_s, DAY_S - 1, 0, LONG_S, "Life of an online token"),
	R(client_token_s, DAY_S - 1, 0, LONG_S, "Life of a client credentials token"),
	R(retry_s, 30 * DAY_S, 0, LONG_S, "How long a used refresh token can be tried again"),
	R(bucket, 20000, 1, 1000000, "Points that the bucket holds"),
	R(restore, 1000, 0, 1000000, "Points that come back a second"),
	R(cost_max, 1000, 1, 1000000, "Points that one query may ask for"),
	R(page_objects_max, PAGE_OBJECTS_MAX, 1, PAGE_OBJECTS_MAX, "Objects after which paging ends"),
	R(all_orders, 1, 0, 1, "read_all_orders comes with read_orders; 0 takes it away"),
	R(require_expiring, 1, 0, 1, "Offline tokens that do not expire are refused"),
	R(auto_accept, 0, 0, 1, "The authorize page installs without asking"),
	R(client_credentials, 1, 0, 1, "The client credentials grant is allowed"),
	R(approval, APPROVED_FULL, APPROVED_FULL, APPROVED_NOT, "Protected customer data: 0 all, 1 no names and addresses, 2 none"),
	R(delay_ms, 0, 0, 60000, "Every GraphQL answer comes so much later"),
	R(retry_scale, 720, 1, 14400000, "Webhooks are retried so many times faster: 720 makes 20 s of four hours"),
	R(redact_s, 240, 0, LONG_S, "Seconds from an uninstall to shop/redact; Shopify's are 48 hours"),
	R(webhook_copies, 0, 0, 100, "Each delivery comes so often again"),
	R(webhook_late_ms, 0, 0, DAY_S * 1000, "Each delivery comes so much later"),
	R(webhook_shuffle_ms, 0, 0, DAY_S * 1000, "And by chance up to so much later, so that they change places"),
	R(webhook_drop_every, 0, 0, 1000000, "Every n-th delivery is lost"),
	R(webhook_forge_every, 0, 0, 1000000, "Every n-th delivery is signed with a wrong secret"),
	R(webhook_old_secret, 0, 0, 1, "Deliveries are signed with the app's previous secret"),
	R(webhook_bare, 0, 0, 1, "Bodies have their id and nothing else"),
	R(webhook_pad_bytes, 0, 0, 16 << 20, "Bodies are filled up to so many bytes"),
	R(bulk_max, 5, 0, 100, "Bulk operations of a shop that run at once"),
	R(bulk_ms, 200, 0, DAY_S * 1000, "A bulk operation takes so long at least"),
	R(bulk_children_max, 0, 0, 100000, "Children of a parent and connection in a bulk file; 0: all"),
	R(bulk_spread, 0, 0, 2, "Children stand 0 behind their parent, 1 further on, 2 before it"),
	R(bulk_url_s, 7 * DAY_S, 0, LONG_S, "Life of the address of a bulk file"),
	R(bulk_webhooks, 1, 0, 100, "How often bulk_operations/finish comes; 0: never"),
	R(bulk_webhook_ms, 0, 0, DAY_S * 1000, "And so much later"),
	{ NULL, 0, 0, 0, 0, NULL },
};
/* clang-format on */

const struct rule *
rule_at(size_t i)
{
	return &table[i];
}

static int64_t *
at(struct rules *rules, const struct rule *r)
{
	return (int64_t *)(void *)((char *)rules + r->offset);
}

static const struct rule *
find(const char *name)
{
	const struct rule *r;

	for (r = table; r->name != NULL; r++)
		if (text_same(r->name, name))
			return r;
	return NULL;
}

bool
is_rule(const char *name)
{
	return find(name) != NULL;
}

static enum rc
refuse(struct cx *cx, const struct rule *r, const char *got)
{
	return rc_field(cx, RC_INPUT, r->name,
	    text_fmt(cx->mem, "a number from %lld to %lld", (long long)r->min,
		(long long)r->max),
	    got);
}

/* SANDBOX_BUCKET for "bucket". */
static const char *
from_environment(struct cx *cx, const struct rule *r)
{
	char *name = text_fmt(cx->mem, "SANDBOX_%s", r->name), *p;

	for (p = name; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return getenv(name);
}

enum rc
rules_start(struct cx *cx, struct rules *rules)
{
	const struct rule *r;
	const char *text;

	for (r = table; r->name != NULL; r++) {
		*at(rules, r) = r->fallback;
		text = from_environment(cx, r);
		if (text != NULL && *text != '\0' &&
		    !text_int(text, r->min, r->max, at(rules, r)))
			return refuse(cx, r, text);
	}
	return RC_OK;
}

static enum rc
read_one(struct cx *cx, const struct rule *r, struct json v, int64_t *out)
{
	const bool yes_or_no = json_kind(v) == JSON_BOOL;

	*out = yes_or_no ? (int64_t)jbool_or(v, "", false)
			 : jint_or(v, "", INT64_MIN);
	if (*out < r->min || *out > r->max)
		return refuse(cx, r, jtext(cx->mem, v));
	return RC_OK;
}

enum rc
rules_set(struct cx *cx, struct rules *rules, struct json in)
{
	struct rules changed = *rules;
	const struct rule *r;
	struct jmember *m;
	const size_t n = jmembers(cx->mem, in, &m);
	size_t i;

	for (i = 0; i < n; i++) {
		r = find(m[i].name);
		if (r != NULL)
			TRY(read_one(cx, r, m[i].value, at(&changed, r)));
	}
	*rules = changed;
	return RC_OK;
}

static int64_t
value_in(const struct rules *rules, const struct rule *r)
{
	return *(
	    const int64_t *)(const void *)((const char *)rules + r->offset);
}

void
rules_write(struct jw *w, const char *name, const struct rules *rules,
    const struct rules *but)
{
	const struct rule *r;

	jw_object(w, name);
	for (r = table; r->name != NULL; r++)
		if (but == NULL || value_in(rules, r) != value_in(but, r))
			jw_int(w, r->name, value_in(rules, r));
	jw_close(w);
}
