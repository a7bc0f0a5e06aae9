/*
 * Opens a webhook, seals its body anew under the key of whose data it is, and
 * does what its topic means: notes that an object changed, marks one gone, or
 * ends an installation. Safe to run twice: all of it, and the job's end, is one
 * transaction, and a body applied before is marked duplicate.
 */
#include "app/body.h"
#include "app/handler_job.h"
#include "app/intake.h"
#include "app/privacy.h"
#include "app/uninstall.h"
#include "base/log.h"
#include "store/bulk.h"
#include "store/changed.h"
#include "store/session.h"
#include "table.h"

struct work {
	struct webhook w;
	struct body body; /* opened */
	struct shop shop;
	bool unread; /* it cannot be read now */
	struct intake *part; /* what the body says then, or NULL */
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

static void
became(struct work *k, const char *state, const char *reason)
{
	k->state = state;
	k->reason = reason;
}

/* It stays noted: the whole of it is read when the shop can be read again. */
static enum rc
apply_unread(struct cx *cx, struct work *k, int64_t id)
{
	became(k, "applied",
	    k->part ? "kept as its body has it, for its shop cannot be read now"
		    : "noted, for its shop cannot be read now");
	if (k->part)
		TRY(intake_save(cx, k->part));
	return changed_note(cx, k->body.topic->type, id);
}

static enum rc
apply_changed(struct cx *cx, struct work *k)
{
	int64_t id;

	if (topic_object(cx, k->body.topic, k->body.payload, &id) != RC_OK) {
		rc_forget(cx);
		became(k, "unreadable", "it names no object");
		return RC_OK;
	}
	if (k->unread)
		return apply_unread(cx, k, id);
	became(k, "applied", "its object is read again");
	/* In the order of a refresh's own locks: its job, then what changed. */
	TRY(changed_put(
	    cx, k->w.shop_id, k->w.shop_epoch, k->body.topic->type));
	return changed_note(cx, k->body.topic->type, id);
}

static enum rc
apply_gone(struct cx *cx, struct work *k)
{
	int64_t id;

	if (topic_object(cx, k->body.topic, k->body.payload, &id) != RC_OK) {
		rc_forget(cx);
		became(k, "unreadable", "it names no object");
		return RC_OK;
	}
	became(k, "applied", "its object is marked as gone");
	return changed_gone(cx, k->body.topic->type, &id, 1);
}

/* The shop is the signed body's, not the header's (D9). */
static bool
is_of_shop(struct work *k, const char *path)
{
	if (jint_or(k->body.payload, path, 0) == k->w.shop_id)
		return true;
	became(k, "ignored", "its body is of another shop");
	return false;
}

/* One that cannot be read now is read when it is installed again. */
static enum rc
apply_shop(struct cx *cx, struct work *k)
{
	const struct job_new job = {
		.kind = JOB_SHOP_REFRESH,
		.shop_id = k->w.shop_id,
		.shop_epoch = k->w.shop_epoch,
		.unique = text_fmt(cx->mem, "shop:%lld:%d",
		    (long long)k->w.shop_id, (int)k->w.shop_epoch),
		.priority = JOB_USUAL,
	};

	if (!is_of_shop(k, k->body.topic->path))
		return RC_OK;
	if (k->unread) {
		became(k, "ignored", "its shop cannot be read now");
		return RC_OK;
	}
	became(k, "applied", "its shop's own record is read again");
	return job_put(cx, &job, NULL);
}

static enum rc
apply_uninstalled(struct cx *cx, struct work *k)
{
	bool done;

	if (!is_of_shop(k, k->body.topic->path))
		return RC_OK;
	TRY(shop_uninstall(cx, k->w.triggered_at, &done));
	became(k, done ? "applied" : "ignored",
	    done ? "the shop took the app off"
		 : "the shop was installed again since, or is off already");
	return RC_OK;
}

/* It comes late, twice or not at all: it only makes us look sooner. */
static enum rc
apply_bulk(struct cx *cx, struct work *k)
{
	const char *id = jtext_or(k->body.payload, k->body.topic->path, "");
	const char *pull_id, *resource;
	enum rc rc = bulk_part_of(cx, id, &pull_id, &resource);

	if (rc == RC_ABSENT) {
		became(k, "ignored", "no pull waits for this operation");
		return RC_OK;
	}
	TRY(rc);
	became(k, "applied", "the pull that waits for it looks at once");
	return bulk_wake(cx, pull_id, resource);
}

static enum rc
apply_privacy(struct cx *cx, struct work *k)
{
	enum rc rc;

	if (!is_of_shop(k, "shop_id"))
		return RC_OK;
	became(k, "applied", "its job does what it asks");
	rc = privacy_ask_payload(
	    cx, k->body.topic->name, k->body.payload, k->w.shop_id, k->w.id);
	if (rc != RC_INPUT)
		return rc;
	rc_forget(cx);
	became(k, "unreadable", "it names no customer");
	return RC_OK;
}

static enum rc
apply_topic(struct cx *cx, struct work *k)
{
	switch (k->body.topic->does) {
	case TOPIC_CHANGED:
		return apply_changed(cx, k);
	case TOPIC_GONE:
		return apply_gone(cx, k);
	case TOPIC_SHOP:
		return apply_shop(cx, k);
	case TOPIC_UNINSTALLED:
		return apply_uninstalled(cx, k);
	case TOPIC_BULK:
		return apply_bulk(cx, k);
	case TOPIC_PRIVACY:
		return apply_privacy(cx, k);
	}
	return rc_fail(cx, RC_BUG, "a topic that does nothing");
}

/* All that it says is which object changed, as Shopify does of a large one:
 * two of these are two changes (shopify.md 3.3). */
static bool
is_bare(struct cx *cx, const struct work *k)
{
	struct jmember *list;
	const size_t n = jmembers(cx->mem, k->body.payload, &list);
	size_t i;

	for (i = 0; i < n; i++)
		if (!text_same(list[i].name, "id") &&
		    !text_same(list[i].name, "admin_graphql_api_id"))
			return false;
	return k->body.topic->does == TOPIC_CHANGED;
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
	if (!k->body.topic)
		became(k, "ignored", "we have no use for this topic");
	else if (!k->body.payload.node)
		became(k, "unreadable", "its body is no JSON that we take");
	else if (k->w.shop_id == 0 && k->body.topic->does == TOPIC_PRIVACY)
		became(k, "kept", "recorded, of a shop we do not know");
	else if (k->w.shop_id == 0)
		became(k, "ignored", "of a shop we do not know");
	else if (!live && !may_repeat(k->body.topic))
		became(k, "ignored", "from before the shop's present install");
	if (k->state)
		return RC_OK;
	rc = may_repeat(k->body.topic) || is_bare(cx, k)
		 ? RC_OK
		 : webhook_body_single(cx, &k->w, k->body.text);
	if (rc == RC_CONFLICT) {
		became(k, "duplicate", "this body was applied before");
		return RC_OK;
	}
	TRY(rc);
	return apply_topic(cx, k);
}

/* A shop without a live token that has not taken us off. */
static bool
is_unread(const struct shop *shop)
{
	return !text_same(shop->status, "uninstalled") &&
	       (text_same(shop->status, "needs_authorization") ||
		   !shop->token_kind || shop->token_failed);
}

/* What cannot be made of the body is read later; no transaction is open. */
static enum rc
read_part(struct cx *cx, struct work *k)
{
	struct intake *in = ARENA_NEW(cx->mem, struct intake);
	enum rc rc;

	TRY(intake_begin(cx, in, &k->shop, NULL));
	rc = intake_payload(cx, in, k->body.topic, k->body.payload);
	if (rc == RC_OK)
		k->part = in;
	else if (rc != RC_ABSENT && rc != RC_INPUT && rc != RC_REMOTE &&
		 rc != RC_TOO_BIG)
		return rc;
	rc_forget(cx);
	return RC_OK;
}

static enum rc
look_at_shop(struct cx *cx, struct work *k)
{
	if (!k->body.topic || !k->body.payload.node || k->w.shop_id == 0)
		return RC_OK;
	TRY(shop_load(cx, k->w.shop_id, &k->shop));
	k->unread = is_unread(&k->shop);
	return k->unread && k->body.topic->does == TOPIC_CHANGED
		   ? read_part(cx, k)
		   : RC_OK;
}

static enum rc
open_body(struct cx *cx, struct work *k)
{
	const enum rc rc = body_open(cx, &k->w, &k->body);

	if (rc == RC_ABSENT)
		return rc_fail(cx, RC_BUG, "the inbox key is destroyed");
	return rc;
}

/* Handlers hear of what was applied, and of wishes of the privacy law. */
static bool
is_news(const struct work *k)
{
	return k->w.shop_id != 0 &&
	       (text_same(k->state, "applied") || text_same(k->state, "kept"));
}

static enum rc
keep(struct cx *cx, struct work *k, struct slice sealed)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(apply(cx, k));
	TRY(webhook_note(
	    cx, &k->w, k->state, k->reason, sealed, k->body.subject));
	if (is_news(k))
		TRY(handler_job_webhook(cx, &k->w, k->body.payload));
	return job_commit(cx);
}

/* A body may hold what no column takes: that it changed is not lost for it. */
static enum rc
keep_without_part(struct cx *cx, struct work *k, struct slice sealed)
{
	log_fault(cx, "webhook.part");
	rc_forget(cx);
	db_rollback(cx);
	k->part = NULL;
	k->state = NULL;
	return keep(cx, k, sealed);
}

/* Others hear of it. */
static enum rc
behind_commit(struct cx *cx, const struct work *k)
{
	if (!k->body.topic || k->w.shop_id == 0)
		return RC_OK;
	job_wake(cx);
	if (k->body.topic->does == TOPIC_UNINSTALLED)
		return session_shop_end(cx, k->w.shop_id);
	return RC_OK;
}

enum rc
webhook_apply_run(struct cx *cx, const struct job *job)
{
	struct work k = { .state = NULL };
	struct slice sealed;
	enum rc rc;

	TRY(load(cx, job, &k.w));
	if (!k.w.in_inbox)
		return RC_OK; /* a run before did it */
	TRY(open_body(cx, &k));
	TRY(body_seal(cx, &k.body, &sealed));
	TRY(look_at_shop(cx, &k));
	rc = keep(cx, &k, sealed);
	if (k.part && (rc == RC_INPUT || rc == RC_BUG))
		rc = keep_without_part(cx, &k, sealed);
	TRY(rc);
	log_info(cx, "webhook.applied", L_TEXT("topic", k.w.topic),
	    L_TEXT("state", k.state));
	return behind_commit(cx, &k);
}

void
webhook_apply_dead(struct cx *cx, const struct job *job)
{
	const char *why = cx->fault.sentence
			      ? text_cut(cx->mem, cx->fault.sentence, 400)
			      : rc_row(cx->fault.rc)->title;
	struct webhook w;

	rc_forget(cx);
	if (load(cx, job, &w) != RC_OK || body_fail(cx, &w, why) != RC_OK)
		log_fault(cx, "webhook.dead");
}
