/* ops: jobs, health, figures, and the description of every route. */
#include "app/doors.h"
#include "app/lists.h"
#include "ops.h"

enum { USUAL = PER_ADDRESS | PER_CALLER };

/* clang-format off */
static const struct route routes[] = {
	{ GET, "/api/jobs",     BY_CALLER,   "jobs:read",    USUAL, &jobs_query, NULL, &jobs_reply, 200,
	    "Jobs, live and ended, newest first.", jobs_list },
	{ GET, "/api/jobs/:id", BY_CALLER,   "jobs:read",    USUAL, &shop_query, NULL, &job_reply, 200,
	    "One job, what it wrote down, and why it is not running.", jobs_show },
	{ POST, "/api/jobs/:id/cancel", BY_CALLER, "jobs:write", USUAL, &shop_query, NULL, &job_cancel_reply, 200,
	    "End a job: at once while it waits, at its next safe point while it runs.", jobs_cancel },
	{ GET, "/api/queues/figures", BY_OPERATOR, "jobs:read", USUAL, &figures_query, NULL, &figures_reply, 200,
	    "What was done in each of the last minutes, and how long it waited and ran.", figures_show },
	{ GET, "/api/workers", BY_OPERATOR, "jobs:read", USUAL, NULL, NULL, &workers_reply, 200,
	    "The jobds: their last beat, their lease, their children.", workers_list },
	{ GET, "/api/queries", BY_OPERATOR, "metrics:read", USUAL, &queries_query, NULL, &queries_reply, 200,
	    "Slow and frequent queries of all programs on this host.", queries_list },
	{ GET, "/api/webhooks", BY_CALLER,   "webhooks:read", USUAL, &webhooks_query, NULL, &webhooks_reply, 200,
	    "What Shopify sent, newest first, and what became of it.", webhooks_list },
	{ GET, "/api/webhooks/:id", BY_CALLER, "webhooks:read", USUAL, &shop_query, NULL, &webhook_reply, 200,
	    "One webhook's headers, state and timing.", webhooks_show },
	{ GET, "/healthz",      BY_ANYONE,   NULL,           PER_NOBODY, NULL, NULL, &health_reply, 200,
	    "This process answers.", health_show },
	{ GET, "/readyz",       BY_ANYONE,   NULL,           PER_NOBODY, NULL, NULL, &ready_reply, 200,
	    "Database, migrations and jobd are there; else 503.", ready_show },
	{ GET, "/metrics",      BY_OPERATOR, "metrics:read", USUAL, NULL, NULL, NULL, 200,
	    "Figures of every program, in Prometheus text format.", metrics_show },
	{ GET, "/openapi.json", BY_ANYONE,   NULL,           PER_ADDRESS, NULL, NULL, NULL, 200,
	    "Every route, as OpenAPI 3.1.", openapi_show },
	{ .handler = NULL }
};
/* clang-format on */

int
main(int argc, char **argv)
{
	static const struct program program = { "ops", routes, &app_doors };

	return serve(argc, argv, &program);
}
