/* What runs each kind of job. */
#include "table.h"
#include "store/cron.h"

static const struct job_handler handlers[JOB_KINDS] = {
	[JOB_PULL_PAGE] = { .run = pull_page_run, .dead = pull_page_dead },
	[JOB_BULK_START] = { .run = bulk_start_run, .dead = pull_page_dead },
	[JOB_BULK_POLL] = { .run = bulk_poll_run, .dead = pull_page_dead },
	[JOB_BULK_IMPORT] = { .run = bulk_import_run, .dead = pull_page_dead },
	[JOB_BULK_REPAIR] = { .run = bulk_repair_run, .dead = pull_page_dead },
	[JOB_BULK_CANCEL] = { .run = bulk_cancel_run },
	[JOB_TOKEN_REFRESH] = { .run = token_refresh_run },
	[JOB_SUBSCRIPTIONS] = { .run = subscriptions_run },
	[JOB_WEBHOOK_APPLY] = { .run = webhook_apply_run,
	    .dead = webhook_apply_dead,
	    .any_epoch = true },
	[JOB_CHANGED_REFRESH] = { .run = changed_refresh_run },
	[JOB_SHOP_REFRESH] = { .run = shop_refresh_run },
	[JOB_ALERT] = { .run = alert_run },
	[JOB_DATA_REQUEST] = { .run = data_request_run, .any_epoch = true },
	[JOB_CUSTOMER_REDACT] = { .run = customer_redact_run,
	    .any_epoch = true },
	[JOB_SHOP_REDACT] = { .run = shop_redact_run },
	[JOB_FORGET_AGAIN] = { .run = forget_again_run },
	[JOB_HOUSEKEEPING] = { .run = housekeeping_run },
	[JOB_EXEC] = { .run = exec_run, .any_epoch = true },
	[JOB_FORWARD] = { .run = forward_run, .any_epoch = true },
};

const struct job_handler *
job_handler(enum job_kind kind)
{
	return &handlers[kind];
}

/* Our own schedules. At minutes that are not everybody's. */
static const struct cron_new schedules[] = {
	{ .name = "housekeeping",
	    .spec = "* * * * *",
	    .kind = JOB_HOUSEKEEPING,
	    .priority = JOB_WATCHED }, /* a shut door waits for its key */
	{ .name = "token_refresh",
	    .spec = "23 */6 * * *",
	    .kind = JOB_TOKEN_REFRESH,
	    .priority = JOB_BACKGROUND },
	{ .name = "subscriptions",
	    .spec = "41 3 * * *",
	    .kind = JOB_SUBSCRIPTIONS,
	    .priority = JOB_BACKGROUND },
};

/* Those of a version before that are no more go. */
static enum rc
put_schedules(struct cx *cx)
{
	enum { N = sizeof(schedules) / sizeof(schedules[0]) };
	const char *names[N];

	for (size_t i = 0; i < N; i++) {
		names[i] = schedules[i].name;
		TRY(cron_put(cx, &schedules[i]));
	}
	return cron_keep(cx, CRON_OURS, names, N, NULL);
}

/* The house is kept at once, unless somebody has paused that. */
enum rc
table_start(struct cx *cx)
{
	const bool every_shop = cx->every_shop;
	enum rc rc;

	cx->every_shop = true;
	rc = put_schedules(cx);
	if (rc == RC_OK)
		rc = cron_run(cx, "housekeeping");
	cx->every_shop = every_shop;
	return rc;
}
