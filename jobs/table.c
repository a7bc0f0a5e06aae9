/* What runs each kind of job. */
#include "table.h"

static const struct job_handler handlers[JOB_KINDS] = {
	[JOB_PULL_PAGE] = { pull_page_run, pull_page_dead },
	[JOB_TOKEN_REFRESH] = { token_refresh_run, NULL },
	[JOB_SUBSCRIPTIONS] = { subscriptions_run, NULL },
	[JOB_WEBHOOK_APPLY] = { webhook_apply_run, webhook_apply_dead },
	[JOB_CHANGED_REFRESH] = { changed_refresh_run, NULL },
	[JOB_HOUSEKEEPING] = { housekeeping_run, NULL },
};

const struct job_handler *
job_handler(enum job_kind kind)
{
	return &handlers[kind];
}

/* One that is there already, waiting or running, stays the only one. */
enum rc
table_start(struct cx *cx)
{
	const struct job_new housekeeping = {
		.kind = JOB_HOUSEKEEPING,
		.unique = "housekeeping",
		.priority = 1,
	};

	return job_put(cx, &housekeeping, NULL);
}
