/* From an event to signed deliveries in the spool. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "event.h"
#include "event_body.h"
#include "hook_topic.h"
#include "io/crypt.h"
#include "tries.h"
#include "wire.h"

enum { HEADERS_MAX = 12, FAILURES_MAX = 8 };

/* ---- the outbox */

static enum rc
load_secret(struct cx *cx, struct secret *out)
{
	if (!sandbox()->rules.webhook_old_secret)
		return conf_secret(cx, C_SHOPIFY_API_SECRET_FILE, out);
	if (conf_secret(cx, C_SHOPIFY_API_SECRET_PREVIOUS_FILE, out) != RC_OK)
		return rc_fail(cx, RC_INPUT,
		    "webhook_old_secret: there is no "
		    "SHOPIFY_API_SECRET_PREVIOUS_FILE");
	return RC_OK;
}

enum rc
outbox_begin(struct cx *cx, struct outbox *o)
{
	const char *folder = sandbox()->settings.spool;

	*o = (struct outbox){ .ledger = -1 };
	o->ids.mem = cx->mem;
	if (folder == NULL)
		return RC_OK;
	event_follow(cx);
	TRY(load_secret(cx, &o->secret));
	TRY(spool_begin(cx, folder, &o->spool));
	o->scratch = (struct cx){ .mem = arena_new(), .program = cx->program };
	o->folder = folder;
	return RC_OK;
}

void
outbox_forget(struct outbox *o)
{
	spool_forget(&o->spool);
	if (o->ledger >= 0)
		(void)close(o->ledger);
	o->ledger = -1;
	if (o->scratch.mem != NULL)
		arena_free(o->scratch.mem);
	o->scratch.mem = NULL;
}

enum rc
outbox_end(struct cx *cx, struct outbox *o)
{
	const enum rc rc = o->folder ? spool_end(cx, &o->spool) : RC_OK;

	outbox_forget(o);
	sandbox()->changed = true;
	return rc;
}

/* ---- one delivery */

static int64_t
wall_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Whether this one is the n-th; 0: never. */
static bool
is_nth(int64_t every)
{
	return every > 0 && sandbox()->sent % every == 0;
}

static enum rc
sign(struct cx *cx, const struct outbox *o, struct slice body, const char **mac)
{
	struct slice secret = { o->secret.p, o->secret.n };

	if (is_nth(sandbox()->rules.webhook_forge_every))
		secret = slice_of("not the app's secret");
	return wire_hmac(cx, secret, body, mac);
}

static const char *
triggered_at(struct cx *cx)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return wire_nanos(cx->mem,
	    (int64_t)t.tv_sec + sandbox()->rules.clock_skew_s, t.tv_nsec);
}

/* A parcel's headers as they are made. */
struct headers {
	struct arena *mem;
	const char *items[HEADERS_MAX];
	size_t n;
};

static void
header(struct headers *h, const char *name, const char *value)
{
	if (value != NULL && h->n < HEADERS_MAX)
		h->items[h->n++] =
		    text_fmt(h->mem, "X-Shopify-%s: %s", name, value);
}

/* The topic's own header, by the thing's id. */
static void
header_of_thing(struct headers *h, const struct event *e)
{
	const struct payload_row *row = payload_find(e->topic);
	const struct thing *thing = e->thing;

	if (row == NULL || row->header == NULL || thing == NULL)
		return;
	header(h, text_fmt(h->mem, "%s-Id", row->header),
	    text_fmt(h->mem, "%lld", (long long)thing->id));
}

static enum rc
dropped(struct cx *cx, struct outbox *o, const struct parcel *p)
{
	if (o->ledger < 0)
		o->ledger = tries_open(cx, o->folder);
	return tries_note(cx, o->ledger,
	    &(struct try_row){ .at_ms = wall_ms(),
		.shop = p->shop,
		.topic = p->topic,
		.delivery = p->delivery,
		.event = p->event,
		.hook = p->hook,
		.bytes = (int64_t)p->body.n,
		.end = TRY_DROPPED });
}

/* Up to `most` milliseconds, by chance. */
static enum rc
by_chance(struct cx *cx, int64_t most, int64_t *out)
{
	uint32_t bits;

	*out = 0;
	if (most == 0)
		return RC_OK;
	TRY(crypt_random(cx, &bits, sizeof(bits)));
	*out = (int64_t)bits % (most + 1);
	return RC_OK;
}

/* The delivery and its repeats, each late by its own chance. */
static enum rc
put_copies(
    struct cx *cx, struct outbox *o, const struct event *e, struct parcel *p)
{
	const struct rules *r = &sandbox()->rules;
	const int64_t from = wall_ms() + e->in_ms + r->webhook_late_ms;
	int64_t more;

	for (p->copy = 0; p->copy <= r->webhook_copies; p->copy++) {
		TRY(by_chance(cx, r->webhook_shuffle_ms, &more));
		p->due_ms = from + more;
		TRY(spool_put(cx, &o->spool, p));
	}
	return RC_OK;
}

/* What one subscriber gets: hook NULL is the app's own declaration. */
struct recipient {
	const struct hook *hook;
	const char *uri;
	const char *event_id;
};

static enum rc
deliver(struct cx *cx, struct outbox *o, const struct event *e,
    const struct recipient *to, struct slice body, const char *id)
{
	const char *name = to->hook ? to->hook->name : NULL, *mac;
	struct headers h = { .mem = cx->mem };
	struct parcel p = { .shop = e->shop->domain,
		.topic = e->topic,
		.delivery = id,
		.event = to->event_id,
		.uri = to->uri,
		.hook = to->hook ? to->hook->thing.id : 0,
		.scale = sandbox()->rules.retry_scale,
		.body = body };

	TRY(sign(cx, o, body, &mac));
	header(&h, "Topic", e->topic);
	header(&h, "Hmac-Sha256", mac);
	header(&h, "Shop-Domain", e->shop->domain);
	header(&h, "API-Version", conf_text(C_API_VERSION));
	header(&h, "Webhook-Id", id);
	header(&h, "Event-Id", to->event_id);
	header(&h, "Triggered-At", triggered_at(cx));
	header(&h, "Name", name);
	header_of_thing(&h, e);
	p.headers = h.items;
	p.n_headers = h.n;
	if (is_nth(sandbox()->rules.webhook_drop_every))
		return dropped(cx, o, &p);
	return put_copies(cx, o, e, &p);
}

static enum rc
deliver_to(struct cx *cx, struct outbox *o, const struct event *e,
    const struct recipient *to, struct slice body)
{
	const char *id;

	sandbox()->sent++;
	TRY(wire_uuid(cx, &id));
	TRY(deliver(cx, o, e, to, body, id));
	gather_add(&o->ids, text_dup(o->ids.mem, id));
	return RC_OK;
}

/* ---- who gets it */

static bool
subscribes(const struct hook *hook, const char *shop, const char *topic)
{
	const struct hook_topic *t = hook_topic_word(hook->topic);

	return text_same(hook->shop, shop) && t != NULL &&
	       text_same(t->name, topic);
}

static const char *
own_uri(struct cx *cx)
{
	return text_fmt(cx->mem, "%s/webhooks", conf_text(C_APP_URL));
}

static enum rc
deliver_to_all(
    struct cx *cx, struct outbox *o, const struct event *e, struct slice body)
{
	struct recipient to = { .uri = e->uri };
	const struct hook *hook;

	TRY(wire_uuid(cx, &to.event_id));
	if (e->uri != NULL)
		return deliver_to(cx, o, e, &to, body);
	if (hook_topic_declared(e->topic)) {
		to.uri = own_uri(cx);
		TRY(deliver_to(cx, o, e, &to, body));
	}
	for (hook = sandbox()->hooks.first; hook != NULL; hook = hook->next) {
		if (!subscribes(hook, e->shop->domain, e->topic))
			continue;
		to.hook = hook;
		to.uri = hook->uri;
		TRY(deliver_to(cx, o, e, &to, body));
	}
	return RC_OK;
}

bool
event_wanted(const char *shop, const char *topic)
{
	const struct hook *hook = sandbox()->hooks.first;

	if (hook_topic_declared(topic))
		return true;
	while (hook != NULL && !subscribes(hook, shop, topic))
		hook = hook->next;
	return hook != NULL;
}

/* In memory of its own, so that many events do not add up. */
static enum rc
add(struct cx *scratch, struct outbox *o, const struct event *e)
{
	struct slice body;

	TRY(event_body(scratch, e, &body));
	return deliver_to_all(scratch, o, e, body);
}

enum rc
outbox_add(struct cx *cx, struct outbox *o, const struct event *e)
{
	enum rc rc;

	if (o->folder == NULL ||
	    (e->uri == NULL && !event_wanted(e->shop->domain, e->topic)))
		return RC_OK;
	rc = add(&o->scratch, o, e);
	if (rc != RC_OK)
		rc = rc_fail(cx, rc, "%s",
		    o->scratch.fault.sentence ? o->scratch.fault.sentence
					      : "no delivery was made");
	cx_reset(&o->scratch);
	return rc;
}

/* ---- what became of them */

/* A subscription whose delivery failed eight times, while nothing else of it
 * was taken, goes (shopify.md 3.3). */
static void
judge(const struct try_row *row, void *user)
{
	struct hooks *hooks = &sandbox()->hooks;
	struct hook *hook = hooks_find(hooks, row->shop, row->hook);

	(void)user;
	if (hook == NULL || row->end == TRY_DROPPED)
		return;
	if (row->end == TRY_DELIVERED)
		hook->ok_at_ms = row->at_ms;
	else if (row->n >= FAILURES_MAX && hook->ok_at_ms < row->first_ms)
		hooks_drop(hooks, hook);
	sandbox()->changed = true;
}

void
event_follow(struct cx *cx)
{
	struct sandbox *s = sandbox();

	if (s->settings.spool == NULL)
		return;
	if (tries_follow(cx, &s->tries, s->settings.spool, judge, NULL) !=
	    RC_OK) {
		log_fault(cx, "sandbox.tries");
		rc_forget(cx);
	}
}
