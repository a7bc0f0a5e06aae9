/*
 * customers/redact (SEC-17). In this order, so that a death in between leaves
 * nothing half known: a tombstone, by which nothing late is sealed any more;
 * the rows; the keys, by which old dumps go dark; the rows once more, for what
 * was under way meanwhile. Safe to run twice.
 */
#include "app/privacy.h"
#include "base/log.h"
#include "store/changed.h"
#include "store/forget.h"
#include "store/inbox.h"
#include "table.h"

struct work {
	struct privacy p;
	int64_t *orders;
	size_t n_orders;
	const char *const *words;
	size_t n_words;
	struct subject *subjects;
	size_t n_subjects;
};

static void
subjects_of(struct cx *cx, struct work *k)
{
	k->subjects = ARENA_ARRAY(cx->mem, struct subject, k->n_orders + 1);
	k->subjects[0] = (struct subject){ 'c', k->p.customer_id };
	k->n_subjects = k->n_orders + 1;
	for (size_t i = 0; i < k->n_orders; i++)
		k->subjects[i + 1] = (struct subject){ 'o', k->orders[i] };
}

static enum rc
load(struct cx *cx, const struct job *job, struct work *k)
{
	const char *id;
	enum rc rc;

	TRY(jget_text(cx, job->args, "privacy", &id));
	TRY(privacy_load(cx, job->shop_id, id, &k->p));
	k->n_orders = privacy_orders(cx, &k->p, &k->orders);
	subjects_of(cx, k);
	rc = privacy_words(cx, &k->p, &k->words, &k->n_words);
	return rc == RC_ABSENT ? RC_OK : rc; /* no key: nothing is known */
}

static enum rc
empty_rows(struct cx *cx, const struct work *k, const char **counts)
{
	TRY(job_fence(cx));
	TRY(changed_gone(cx, "customers", &k->p.customer_id, 1));
	return redact_customer(cx, k->p.shop_id, k->p.customer_id, k->orders,
	    k->n_orders, k->words, k->n_words, counts);
}

static enum rc
forget(struct cx *cx, const struct work *k, const char **counts)
{
	TRY(forget_note(
	    cx, k->p.shop_id, k->subjects, k->n_subjects, "customers/redact"));
	TRY(db_begin(cx));
	TRY(empty_rows(cx, k, counts));
	TRY(db_commit(cx));
	return forget_subjects(cx, k->p.shop_id, k->subjects, k->n_subjects);
}

enum rc
customer_redact_run(struct cx *cx, const struct job *job)
{
	const char *counts, *late;
	struct work k = { .n_words = 0 };

	TRY(load(cx, job, &k));
	if (!text_same(k.p.state, "asked"))
		return RC_OK; /* a run before did it */
	TRY(inbox_make(
	    cx)); /* so that what seals it now can soon be destroyed */
	TRY(forget(cx, &k, &counts));
	TRY(db_begin(cx));
	TRY(empty_rows(cx, &k, &late));
	TRY(privacy_forget_customer(cx, &k.p));
	TRY(privacy_end(cx, &k.p, "done", NULL, counts));
	TRY(job_commit_result(cx, counts));
	log_info(cx, "privacy.redacted", L_TEXT("request", k.p.id));
	return RC_OK;
}
