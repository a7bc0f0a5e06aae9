/*
 * Opens a webhook, seals its body anew under the key of whose data it is, and
 * does what its topic means: notes that an object changed, marks one gone, or
 * ends an installation. Safe to run twice: all of it, and the job's end, is one
 * transaction, and a body applied before is marked duplicate.
 */
#include "app/uninstall.h"
#include "base/log.h"
#include "shopify/topic.h"
#include "store/changed.h"
#include "store/session.h"
#include "store/webhook.h"
#include "table.h"

/* A tree costs 16 bytes a byte: of a larger body the small members are read,
 * which name its object. */
enum { TREE_MAX_BYTES = 4 << 20, MEMBER_MAX_BYTES = 64 << 10 };

struct work {
	struct webhook w;
	const struct topic *topic; /* NULL: we have no use for it */
	struct slice body; /* opened */
	struct json payload; /* node NULL: it could not be read */
	struct subject subject; /* whose data it is */
	const char *state; /* what became of it */
	const char *reason;
};

static enum rc
load(struct cx *cx, const struct job *job, struct webhook *out)
{
	const char *id, *at;

	TRY(jget_text(cx, job->args, "webhook", &id));
	TRY(jget_text(cx, job->args, "at", &at));
	return webhook_load(cx, job->shop_id, at, id, out);
}

static bool
is_of(const struct work *k, const char *type)
{
	return k->topic && k->topic->type && text_same(k->topic->type, type);
}

/* Whose data a body is: the customer it names, else the order's own, as in the
 * order's row, else the shop's. */
static struct subject
subject_of(const struct work *k)
{
	const int64_t object =
	    k->topic ? jint_or(k->payload, k->topic->path, 0) : 0;
	const int64_t customer = is_of(k, "customers")
				     ? object
				     : jint_or(k->payload, "customer.id", 0);

	if (customer > 0)
		return (struct subject){ 'c', customer };
	if (is_of(k, "orders") && object > 0)
		return (struct subject){ 'o', object };
	return (struct subject){ 's', k->w.shop_id };
}

static void
read_payload(struct cx *cx, struct work *k)
{
	struct slice text = k->body;
	size_t at;

	if (text.n > TREE_MAX_BYTES && json_gate(text, &at) == NULL)
		text = json_outline(cx->mem, text, MEMBER_MAX_BYTES);
	if (json_read(cx, text, TREE_MAX_BYTES, RC_INPUT, &k->payload) != RC_OK)
		k->payload.node = NULL;
	rc_forget(cx);
}

static enum rc
open_body(struct cx *cx, struct work *k)
{
	const struct blob_place place = webhook_place(k->w.id);
	enum rc rc = inbox_body_open(cx, &place, k->w.body, &k->body);

	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_BUG, "the inbox key is destroyed");
	TRY(rc);
	k->topic = topic_find(k->w.topic);
	read_payload(cx, k);
	k->subject = subject_of(k);
	return RC_OK;
}

/* Under the subject's key, or the shop's own; not kept where there is no shop
 * that we know, or the subject was forgotten. */
static enum rc
reseal(struct cx *cx, const struct work *k, struct slice *out)
{
	const struct blob_place place = webhook_place(k->w.id);
	struct blob_key *key =
	    arena_alloc_secret(cx->mem, sizeof(struct blob_key));
	struct keys keys;
	enum rc rc;

	*out = (struct slice){ NULL, 0 };
	if (k->w.shop_id == 0)
		return RC_OK;
	TRY(keys_load(cx, k->w.shop_id, KEYS_MAKE, &keys));
	*key = keys.list[0];
	if (k->subject.kind != 's') {
		TRY(keys_subjects(cx, &keys, KEYS_MAKE, &k->subject, 1));
		rc = keys_subject(cx, &keys, k->subject, 0, key);
		if (rc == RC_ABSENT)
			return RC_OK;
		TRY(rc);
	}
	return blob_seal(cx, key, &place, k->body, out);
}

static void
became(struct work *k, const char *state, const char *reason)
{
	k->state = state;
	k->reason = reason;
}

static enum rc
apply_changed(struct cx *cx, struct work *k)
{
	int64_t id;

	if (topic_object(cx, k->topic, k->payload, &id) != RC_OK) {
		rc_forget(cx);
		became(k, "unreadable", "it names no object");
		return RC_OK;
	}
	became(k, "applied", "its object is read again");
	/* In the order of a refresh's own locks: its job, then what changed. */
	TRY(changed_put(cx, k->w.shop_id, k->w.shop_epoch, k->topic->type));
	return changed_note(cx, k->topic->type, id);
}

static enum rc
apply_gone(struct cx *cx, struct work *k)
{
	int64_t id;

	if (topic_object(cx, k->topic, k->payload, &id) != RC_OK) {
		rc_forget(cx);
		became(k, "unreadable", "it names no object");
		return RC_OK;
	}
	became(k, "applied", "its object is marked as gone");
	return changed_gone(cx, k->topic->type, &id, 1);
}

/* The shop is the signed body's, not the header's (D9). */
static bool
is_of_shop(struct work *k, const char *path)
{
	if (jint_or(k->payload, path, 0) == k->w.shop_id)
		return true;
	became(k, "ignored", "its body is of another shop");
	return false;
}

static enum rc
apply_uninstalled(struct cx *cx, struct work *k)
{
	bool done;

	if (!is_of_shop(k, k->topic->path))
		return RC_OK;
	TRY(shop_uninstall(cx, k->w.triggered_at, &done));
	became(k, done ? "applied" : "ignored",
	    done ? "the shop took the app off"
		 : "the shop was installed again since, or is off already");
	return RC_OK;
}

static enum rc
apply_topic(struct cx *cx, struct work *k)
{
	switch (k->topic->does) {
	case TOPIC_CHANGED:
		return apply_changed(cx, k);
	case TOPIC_GONE:
		return apply_gone(cx, k);
	case TOPIC_UNINSTALLED:
		return apply_uninstalled(cx, k);
	case TOPIC_PRIVACY:
		if (is_of_shop(k, "shop_id"))
			became(k, "kept", "recorded, to be answered");
		return RC_OK;
	}
	return rc_fail(cx, RC_BUG, "a topic that does nothing");
}

/* All that it says is which object changed, as Shopify does of a large one:
 * two of these are two changes (shopify.md 3.3). */
static bool
is_bare(struct cx *cx, const struct work *k)
{
	struct jmember *list;
	const size_t n = jmembers(cx->mem, k->payload, &list);
	size_t i;

	for (i = 0; i < n; i++)
		if (!text_same(list[i].name, "id") &&
		    !text_same(list[i].name, "admin_graphql_api_id"))
			return false;
	return k->topic->does == TOPIC_CHANGED;
}

/* Twice is once, but for what is safe to do twice (design.md 5). */
static bool
may_repeat(const struct topic *topic)
{
	return topic->does == TOPIC_UNINSTALLED || topic->does == TOPIC_PRIVACY;
}

static enum rc
check_shop(struct cx *cx, const struct work *k, bool *live)
{
	struct shop shop;

	*live = false;
	if (k->w.shop_id == 0)
		return RC_OK;
	TRY(shop_load(cx, k->w.shop_id, &shop));
	*live = shop.epoch == k->w.shop_epoch &&
		!text_same(shop.status, "uninstalled");
	return RC_OK;
}

static enum rc
apply(struct cx *cx, struct work *k)
{
	bool live;
	enum rc rc;

	TRY(check_shop(cx, k, &live));
	if (!k->topic)
		became(k, "ignored", "we have no use for this topic");
	else if (!k->payload.node)
		became(k, "unreadable", "its body is no JSON that we take");
	else if (k->w.shop_id == 0 && k->topic->does == TOPIC_PRIVACY)
		became(k, "kept", "recorded, of a shop we do not know");
	else if (k->w.shop_id == 0)
		became(k, "ignored", "of a shop we do not know");
	else if (!live && !may_repeat(k->topic))
		became(k, "ignored", "from before the shop's present install");
	if (k->state)
		return RC_OK;
	rc = may_repeat(k->topic) || is_bare(cx, k)
		 ? RC_OK
		 : webhook_body_single(cx, &k->w, k->body);
	if (rc == RC_CONFLICT) {
		became(k, "duplicate", "this body was applied before");
		return RC_OK;
	}
	TRY(rc);
	return apply_topic(cx, k);
}

enum rc
webhook_apply_run(struct cx *cx, const struct job *job)
{
	struct work k = { .topic = NULL };
	struct slice sealed;

	TRY(load(cx, job, &k.w));
	if (!k.w.in_inbox)
		return RC_OK; /* a run before did it */
	TRY(open_body(cx, &k));
	TRY(reseal(cx, &k, &sealed));
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(apply(cx, &k));
	TRY(webhook_note(cx, &k.w, k.state, k.reason, sealed, k.subject));
	TRY(job_commit(cx));
	if (k.topic && k.topic->does == TOPIC_CHANGED)
		job_wake(cx);
	if (k.topic && k.topic->does == TOPIC_UNINSTALLED && k.w.shop_id != 0)
		TRY(session_shop_end(cx, k.w.shop_id));
	log_info(cx, "webhook.applied", L_TEXT("topic", k.w.topic),
	    L_TEXT("state", k.state));
	return RC_OK;
}

void
webhook_apply_dead(struct cx *cx, const struct job *job)
{
	const char *why = cx->fault.sentence
			      ? text_cut(cx->mem, cx->fault.sentence, 400)
			      : rc_row(cx->fault.rc)->title;
	struct webhook w;

	rc_forget(cx);
	if (load(cx, job, &w) != RC_OK || webhook_fail(cx, &w, why) != RC_OK)
		log_fault(cx, "webhook.dead");
}
