/* Webhooks without a cause, for load and for tests. */
#include "commands.h"
#include "event.h"
#include "payload.h"

enum { COUNT_MAX = 100000, ALL_BYTES_MAX = 512 << 20 };

/* The command, as it came. */
struct salvo {
	const struct shop *shop;
	const char *topic;
	const struct payload_row *row; /* NULL: only a given body */
	struct slice body; /* given, or n is 0 */
	const char *uri;
	int64_t count;
	int64_t id; /* of the thing; 0: each in turn */
	int64_t spread_ms;
	bool numbered;
};

static enum rc
between(struct cx *cx, struct json v, const char *name, int64_t fallback,
    int64_t max, int64_t *out)
{
	*out = jint_or(v, name, fallback);
	if (*out < 0 || *out > max)
		return rc_field(cx, RC_INPUT,
		    text_fmt(cx->mem, "webhook.%s", name),
		    text_fmt(cx->mem, "0 to %lld", (long long)max),
		    jtext(cx->mem, jat(v, name)));
	return RC_OK;
}

static enum rc
read_body(struct cx *cx, struct json v, struct salvo *out)
{
	const struct json payload = jat(v, "payload");

	if (json_kind(payload) == JSON_OBJECT)
		out->body = slice_of(jtext(cx->mem, payload));
	out->row = payload_find(out->topic);
	if (out->row == NULL && out->body.n == 0)
		return rc_field(cx, RC_INPUT, "webhook.payload",
		    "an object, for a topic that the sandbox has no body for",
		    out->topic);
	return RC_OK;
}

static enum rc
check_size(struct cx *cx, const struct salvo *s)
{
	const int64_t each = sandbox()->rules.webhook_pad_bytes;

	if (s->count * each > ALL_BYTES_MAX)
		return rc_field(cx, RC_INPUT, "webhook.count",
		    "fewer of so many bytes: 512 MiB in all", NULL);
	return RC_OK;
}

static enum rc
read_salvo(struct cx *cx, struct json v, struct salvo *out)
{
	struct world_shop *ws;

	TRY(command_shop(cx, v, &ws));
	*out = (struct salvo){ .shop = &ws->shop,
		.topic = jtext_or(v, "topic", ""),
		.uri = jtext_or(v, "uri", NULL),
		.numbered = jbool_or(v, "numbered", false) };
	TRY(between(cx, v, "count", 1, COUNT_MAX, &out->count));
	TRY(between(cx, v, "id", 0, INT64_MAX, &out->id));
	TRY(between(cx, v, "spread_ms", 0, 3600000, &out->spread_ms));
	TRY(read_body(cx, v, out));
	TRY(check_size(cx, out));
	if (out->uri != NULL && !hooks_address_ok(out->uri))
		return rc_field(cx, RC_INPUT, "webhook.uri",
		    "https, or http on loopback", out->uri);
	if (out->uri == NULL && !event_wanted(ws->shop.domain, out->topic))
		return rc_fail(cx, RC_CONFLICT, "nobody subscribes to %s on %s",
		    out->topic, ws->shop.domain);
	return RC_OK;
}

/* The i-th: the one that is named, or each in turn. */
static enum rc
thing_of(struct cx *cx, const struct salvo *s, int64_t i, const void **out)
{
	const struct list *all;

	*out = NULL;
	if (s->row == NULL || s->row->stock == STOCK_COUNT)
		return RC_OK;
	all = &s->shop->all[s->row->stock];
	if (s->id != 0)
		*out = stock_find(s->shop, s->row->stock, s->id);
	else if (all->n > 0)
		*out = all->items[(size_t)i % all->n];
	if (*out == NULL && s->body.n == 0)
		return rc_fail(cx, RC_ABSENT, "the shop has no such thing");
	return RC_OK;
}

static enum rc
add(struct cx *cx, struct outbox *o, const struct salvo *s, int64_t i)
{
	struct event e = { .shop = s->shop,
		.topic = s->topic,
		.body = s->body,
		.uri = s->uri,
		.number = s->numbered ? i + 1 : 0,
		.in_ms = s->spread_ms * i / (s->count ? s->count : 1) };

	TRY(thing_of(cx, s, i, &e.thing));
	return outbox_add(cx, o, &e);
}

enum rc
command_webhook(struct cx *cx, struct json v, struct jw *said)
{
	struct outbox o;
	struct salvo s;
	enum rc rc = RC_OK;
	int64_t i;

	TRY(outbox_begin(cx, &o));
	rc = read_salvo(cx, v, &s);
	for (i = 0; rc == RC_OK && i < s.count; i++)
		rc = add(cx, &o, &s, i);
	if (rc == RC_OK)
		rc = outbox_end(cx, &o);
	outbox_forget(&o);
	if (rc == RC_OK)
		command_deliveries(said, &o);
	return rc;
}
