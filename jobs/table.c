/* What runs each kind of job. */
#include "table.h"

static const struct job_handler handlers[JOB_KINDS] = {
	[JOB_PULL_PAGE] = { pull_page_run, pull_page_dead },
	[JOB_TOKEN_REFRESH] = { token_refresh_run, NULL },
};

const struct job_handler *
job_handler(enum job_kind kind)
{
	return &handlers[kind];
}
