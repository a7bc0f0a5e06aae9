/*
 * What the keyring knows to be forgotten and the database still has: after a
 * dump of before was restored, the rows are there again, dark already. They go
 * here, within a minute of jobd's start. Safe to run twice.
 */
#include "base/log.h"
#include "store/forget.h"
#include "store/privacy.h"
#include "table.h"

enum { AT_ONCE = 500, ROWS_AT_ONCE = 2000 };

static enum rc
forget_rows(struct cx *cx, const struct forgotten *f)
{
	const char *counts;

	if (f->subject.kind == 'c')
		return redact_customer(
		    cx, f->shop_id, f->subject.id, NULL, 0, NULL, 0, &counts);
	if (f->subject.kind == 'o')
		return redact_customer(
		    cx, f->shop_id, 0, &f->subject.id, 1, NULL, 0, &counts);
	do
		TRY(redact_shop(cx, f->shop_id, ROWS_AT_ONCE, &counts));
	while (!text_same(counts, "{}"));
	return RC_OK;
}

static enum rc
forget_one(struct cx *cx, const struct forgotten *f)
{
	enum rc rc;

	cx->every_shop = false;
	cx->shop_id = f->shop_id;
	rc = forget_rows(cx, f);
	cx->shop_id = 0;
	cx->every_shop = true;
	return rc;
}

enum rc
forget_again_run(struct cx *cx, const struct job *job)
{
	struct forgotten *list;
	const char *until;
	size_t n;

	(void)job;
	do {
		TRY(forgotten_list(cx, AT_ONCE, &list, &n, &until));
		for (size_t i = 0; i < n; i++)
			TRY(forget_one(cx, &list[i]));
		if (n > 0)
			TRY(forgotten_done(cx, until));
		job_progress(cx, (int64_t)n, 0, "tombstones");
	} while (n == AT_ONCE);
	return RC_OK;
}
