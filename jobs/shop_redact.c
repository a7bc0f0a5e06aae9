/*
 * shop/redact (SEC-16), 48 h after an uninstall: every row of the shop goes,
 * and its keys. A shop that has installed the app again meanwhile keeps what it
 * has. Safe to run twice: it ends when nothing is left. It belongs to no shop,
 * or it would take itself away.
 */
#include "app/privacy.h"
#include "base/log.h"
#include "store/forget.h"
#include "store/shop.h"
#include "table.h"

enum { ROWS_AT_ONCE = 2000 };

static enum rc
is_installed(struct cx *cx, int64_t shop_id, bool *out)
{
	struct shop shop;
	const enum rc rc = shop_load(cx, shop_id, &shop);

	*out = rc == RC_OK && !text_same(shop.status, "uninstalled");
	if (rc != RC_ABSENT)
		return rc;
	rc_forget(cx);
	return RC_OK;
}

/* As the shop, whose rows alone are seen. */
static enum rc
empty_some(struct cx *cx, int64_t shop_id, bool *none)
{
	const char *counts;
	enum rc rc;

	cx->every_shop = false;
	cx->shop_id = shop_id;
	rc = redact_shop(cx, shop_id, ROWS_AT_ONCE, &counts);
	cx->shop_id = 0;
	cx->every_shop = true;
	TRY(rc);
	*none = text_same(counts, "{}");
	return RC_OK;
}

/* Batch by batch, so that nobody waits for a lock of ours for long. How far it
 * is belongs to no shop either, or there would always be a row left. */
static enum rc
empty_all(struct cx *cx, int64_t shop_id)
{
	int64_t batches = 0;
	bool none;

	do {
		TRY(empty_some(cx, shop_id, &none));
		job_progress(cx, ++batches, 0, "batches of rows");
	} while (!none);
	return RC_OK;
}

static enum rc
forget_all(struct cx *cx, int64_t shop_id)
{
	TRY(forget_note_shop(cx, shop_id, "shop/redact"));
	TRY(empty_all(cx, shop_id));
	TRY(forget_shop(cx, shop_id));
	return empty_all(cx, shop_id); /* what was under way meanwhile */
}

static enum rc
end(struct cx *cx, const struct privacy *p, const char *state,
    const char *reason)
{
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(privacy_end(cx, p, state, reason, "{}"));
	if (text_same(state, "done"))
		TRY(privacy_leave(cx, p->shop_id));
	return job_commit(cx);
}

enum rc
shop_redact_run(struct cx *cx, const struct job *job)
{
	struct privacy p;
	const char *id;
	int64_t shop_id;
	bool installed;

	TRY(jget_text(cx, job->args, "privacy", &id));
	TRY(jget_int(cx, job->args, "shop", &shop_id));
	TRY(privacy_load(cx, 0, id, &p));
	if (!text_same(p.state, "asked"))
		return RC_OK; /* a run before did it */
	TRY(is_installed(cx, shop_id, &installed));
	if (installed)
		return end(cx, &p, "void", "the shop is installed again");
	TRY(forget_all(cx, shop_id));
	TRY(end(cx, &p, "done", NULL));
	log_info(cx, "privacy.shop_redacted", L_TEXT("request", id));
	return RC_OK;
}
