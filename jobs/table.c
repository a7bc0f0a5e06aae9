/* What runs each kind of job. */
#include "table.h"

static const struct job_handler handlers[JOB_KINDS] = {
	[JOB_PULL_PAGE] = { .run = pull_page_run, .dead = pull_page_dead },
	[JOB_TOKEN_REFRESH] = { .run = token_refresh_run },
	[JOB_SUBSCRIPTIONS] = { .run = subscriptions_run },
	[JOB_WEBHOOK_APPLY] = { .run = webhook_apply_run,
	    .dead = webhook_apply_dead,
	    .any_epoch = true },
	[JOB_CHANGED_REFRESH] = { .run = changed_refresh_run },
	[JOB_HOUSEKEEPING] = { .run = housekeeping_run },
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
