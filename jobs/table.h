/* What runs each kind of job. */
#ifndef JOBS_TABLE_H
#define JOBS_TABLE_H

#include "store/job.h"

/* Runs one; what the codes mean for the job is in base/rc.c. It may run twice,
 * and says in its first comment why that is safe. */
typedef enum rc job_fn(struct cx *cx, const struct job *job);

/* Called when a run of the job has ended it for good, with the failure still in
 * cx; NULL where nobody waits for it. */
typedef void job_dead_fn(struct cx *cx, const struct job *job);

struct job_handler {
	job_fn *run;
	job_dead_fn *dead;
	bool any_epoch; /* what is from before a reinstall runs, too */
};

/* By kind; never NULL for a kind of kinds.def. */
const struct job_handler *job_handler(enum job_kind kind);

/* Puts our own schedules; when jobd has taken its lease. */
enum rc table_start(struct cx *cx) MUST_USE;

job_fn bulk_cancel_run, bulk_import_run, bulk_poll_run, bulk_repair_run,
    bulk_start_run, alert_run, changed_refresh_run, customer_redact_run,
    data_request_run, exec_run, forget_again_run, forward_run, housekeeping_run,
    pull_page_run, shop_redact_run, shop_refresh_run, subscriptions_run,
    token_refresh_run, webhook_apply_run;
job_dead_fn pull_page_dead, webhook_apply_dead;

#endif
