/*
 * For bench/io.sh: jobd with one handler, which asks a host that is slow to
 * answer, and ends by a commit, as a pull's page does. Safe to run twice: it
 * has no effect but its own end.
 */
#include "../../jobs/table.h"
#include "io/db.h"
#include "io/http.h"

static enum rc
late_run(struct cx *cx, const struct job *job)
{
	struct http_req req = { .method = "GET", .max_bytes = 100 };
	struct http_res res;

	(void)job;
	TRY(http_url(cx, "late.test", "/", NULL, &req.url));
	TRY(http_do(cx, &req, &res));
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	return job_commit(cx);
}

const struct job_handler *
job_handler(enum job_kind kind)
{
	static const struct job_handler late = { .run = late_run };

	(void)kind;
	return &late;
}

/* Only what the bench puts. */
enum rc
table_start(struct cx *cx)
{
	(void)cx;
	return RC_OK;
}
