/* One delivery: signature over the raw bytes first, then what its headers say
 * (shopify.md 3.1, SEC-9). */
#include <string.h>

#include "base/clock.h"
#include "base/uuid.h"
#include "door.h"
#include "io/crypt.h"
#include "look.h"
#include "shopify/name.h"
#include "store/webhook.h"

/* A pair is destroyed five minutes after the next one is made, or later
 * (sql/queries/inbox.sql): by an older look nothing is sealed. */
enum { TEXT_MAX_BYTES = 200, LOOK_MAX_MS = 240000 };

_Static_assert((int)INBOX_HEAD_BYTES <= (int)INGEST_BEFORE &&
		   (int)INBOX_TAIL_BYTES <= (int)INGEST_AFTER,
    "a body is sealed where it lies");

/* What goes into a text column: UTF-8, not long, or not at all. */
static const char *
plain(const char *text)
{
	if (!text || text[0] == '\0' || strlen(text) > TEXT_MAX_BYTES ||
	    !text_utf8(slice_of(text)))
		return NULL;
	return text;
}

/* As Postgres takes it, which has no year 0 and no offset of 16 hours; nothing
 * was triggered before 1970. */
static const char *
moment(struct cx *cx, const char *text)
{
	int64_t us;

	if (!text || !clock_read(text, &us) || us < 0)
		return NULL;
	return text_fmt(cx->mem, "%.19s.%06dZ",
	    clock_text(cx->mem, us / 1000000), (int)(us % 1000000));
}

/* Why is counted, and told nobody (shopify.md 3.2). */
static enum rc
refuse(struct cx *cx, struct ingest_item *item, const char *reason)
{
	item->reason = reason;
	rc_forget(cx);
	return rc_fail(cx, RC_AUTH, "it is not signed");
}

static const char *
newer(const char *name)
{
	return name + strlen("X-");
}

/* By its older name, X-Shopify-..., or by its newer one, Shopify-...; both, and
 * not the same, is neither. */
static const char *
header(const struct req *rq, const char *name)
{
	const char *old = req_header(rq, name);
	const char *new = req_header(rq, newer(name));

	if (old && new && !text_same(old, new))
		return NULL;
	return old ? old : new;
}

/* One that decides whose delivery it is, or whether it came before: doubled, or
 * in two ways, it is as a signature that is none (SEC-9). */
static enum rc
one_header(
    struct cx *cx, struct ingest_item *item, const char *name, const char **out)
{
	if (req_variable(item->doubled, name) ||
	    req_variable(item->doubled, newer(name)))
		return refuse(cx, item, "header_doubled");
	*out = header(item->rq, name);
	if (!*out && req_header(item->rq, name))
		return refuse(cx, item, "header_differs");
	return RC_OK;
}

static enum rc
check_signature(
    struct cx *cx, struct ingest_item *item, const struct look *look)
{
	const struct slice body = { item->body, item->n_body };
	const char *mac;
	enum rc rc;

	TRY(one_header(cx, item, "X-Shopify-Hmac-Sha256", &mac));
	if (!mac)
		return refuse(cx, item, "hmac_missing");
	rc = sign_webhook(cx, &look->secrets, body, mac);
	if (rc == RC_AUTH)
		return refuse(cx, item, "hmac_wrong");
	return rc;
}

static enum rc
read_topic(struct cx *cx, struct ingest_item *item, struct webhook_new *out)
{
	const char *topic;

	TRY(one_header(cx, item, "X-Shopify-Topic", &topic));
	out->topic = plain(topic);
	if (!out->topic)
		return rc_field(cx, RC_INPUT, "X-Shopify-Topic",
		    "the webhook's topic", NULL);
	return RC_OK;
}

static enum rc
read_shop(struct cx *cx, struct ingest_item *item, struct webhook_new *out)
{
	const char *shop;

	TRY(one_header(cx, item, "X-Shopify-Shop-Domain", &shop));
	if (shop_name(cx, shop, &out->domain) == RC_OK)
		return RC_OK;
	rc_forget(cx);
	return rc_field(cx, RC_INPUT, "X-Shopify-Shop-Domain",
	    "a name like example.myshopify.com", NULL);
}

static enum rc
read_headers(struct cx *cx, struct ingest_item *item, struct webhook_new *out)
{
	const struct req *rq = item->rq;
	const char *id;

	TRY(read_topic(cx, item, out));
	TRY(read_shop(cx, item, out));
	TRY(one_header(cx, item, "X-Shopify-Webhook-Id", &id));
	out->webhook_id = plain(id);
	out->event_id = plain(header(rq, "X-Shopify-Event-Id"));
	out->api_version = plain(header(rq, "X-Shopify-API-Version"));
	out->triggered_at = moment(cx, header(rq, "X-Shopify-Triggered-At"));
	return RC_OK;
}

/* The delivery's id makes it single; without one, what it says does. */
static enum rc
make_single(struct cx *cx, struct webhook_new *w)
{
	struct buf text = buf_new(cx->mem, 1024);

	buf_addf(&text, "%s %s ", w->domain, w->webhook_id ? "id" : w->topic);
	if (w->webhook_id)
		buf_add(&text, w->webhook_id);
	else
		buf_addn(&text, w->sha256, sizeof(w->sha256));
	return crypt_sha256(cx, buf_slice(&text), w->key);
}

static enum rc
seal(struct cx *cx, struct ingest_item *item, const struct look *look,
    struct webhook_new *w)
{
	struct blob_place place;

	TRY(uuid_mint(cx, &w->id));
	place = webhook_place(w->id);
	w->bytes = (int64_t)item->n_body;
	w->inbox_id = look->door.id;
	TRY(crypt_sha256(
	    cx, (struct slice){ item->body, item->n_body }, w->sha256));
	return inbox_seal(
	    cx, &look->door, &place, item->body, item->n_body, &w->sealed);
}

enum rc
door_check(struct cx *cx, struct ingest_item *item)
{
	const struct look *look = item->shared;
	struct webhook_new *w = ARENA_NEW(cx->mem, struct webhook_new);

	if (!look)
		return rc_fail(cx, RC_BUSY, "the inbox has no key yet");
	if (clock_ms() - look->made_ms > LOOK_MAX_MS)
		return rc_fail(
		    cx, RC_BUSY, "the inbox's key may be an old one");
	TRY(check_signature(cx, item, look));
	TRY(read_headers(cx, item, w));
	TRY(seal(cx, item, look, w));
	TRY(make_single(cx, w));
	w->trace = item->trace;
	item->record = w;
	item->key = (struct slice){ (const char *)w->key, sizeof(w->key) };
	item->bytes = w->sealed.n;
	return RC_OK;
}
