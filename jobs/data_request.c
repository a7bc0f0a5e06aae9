/*
 * customers/data_request (SEC-18): everything that is kept of a customer,
 * sealed under that customer's key, for the merchant to fetch. Safe to run
 * twice: the package is made anew.
 */
#include "app/privacy.h"
#include "base/log.h"
#include "table.h"

static enum rc
seal(struct cx *cx, const struct privacy *p, struct slice text,
    struct slice *out)
{
	const struct subject subject = { 'c', p->customer_id };
	const struct blob_place place =
	    privacy_package_place(p->shop_id, p->id);
	struct blob_key *key =
	    arena_alloc_secret(cx->mem, sizeof(struct blob_key));
	struct keys keys;

	TRY(keys_load(cx, p->shop_id, KEYS_MAKE, &keys));
	TRY(keys_subjects(cx, &keys, KEYS_MAKE, &subject, 1));
	TRY(keys_subject(cx, &keys, subject, 0, key));
	return blob_seal(cx, key, &place, text, out);
}

static enum rc
find(struct cx *cx, const struct privacy *p, struct slice *sealed, size_t *n)
{
	struct slice text;

	TRY(privacy_find(cx, p, &text));
	*n = text.n;
	return seal(cx, p, text, sealed);
}

static enum rc
end(struct cx *cx, const struct privacy *p, enum rc found, struct slice sealed,
    size_t n)
{
	const struct subject subject = { 'c', p->customer_id };
	const char *result = text_fmt(
	    cx->mem, "{\"request\": \"%s\", \"bytes\": %zu}", p->id, n);

	TRY(db_begin(cx));
	TRY(job_fence(cx));
	if (found == RC_ABSENT) {
		TRY(privacy_end(
		    cx, p, "void", "the customer was forgotten", "{}"));
		return job_commit(cx);
	}
	TRY(privacy_package_put(cx, p, subject, sealed, n));
	TRY(privacy_end(cx, p, "done", NULL, "{}"));
	return job_commit_result(cx, result);
}

enum rc
data_request_run(struct cx *cx, const struct job *job)
{
	struct slice sealed = { NULL, 0 };
	struct privacy p;
	const char *id;
	size_t n = 0;
	enum rc rc;

	TRY(jget_text(cx, job->args, "privacy", &id));
	TRY(privacy_load(cx, job->shop_id, id, &p));
	if (!text_same(p.state, "asked"))
		return RC_OK; /* a run before did it */
	rc = find(cx, &p, &sealed, &n);
	if (rc != RC_OK && rc != RC_ABSENT)
		return rc;
	TRY(end(cx, &p, rc, sealed, n));
	log_info(cx, "privacy.packaged", L_TEXT("request", id),
	    L_INT("bytes", (int64_t)n));
	return RC_OK;
}
