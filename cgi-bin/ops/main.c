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
	{ POST, "/api/jobs/:id/retry", BY_CALLER, "jobs:write", USUAL, &shop_query, NULL, &job_retry_reply, 200,
	    "Try a job now: one that waits is due, one that is dead is put once more.", jobs_retry },
	{ POST, "/api/jobs/replay", BY_CALLER, "jobs:write", USUAL, NULL, &replay_body, &replay_reply, 200,
	    "Put dead jobs once more, by a filter; a dry run says how many.", jobs_replay },
	{ GET, "/api/batches/:id", BY_CALLER, "jobs:read", USUAL, &shop_query, NULL, &batch_reply, 200,
	    "How far a batch is; its jobs are listed by /api/jobs?batch=.", batches_show },
	{ POST, "/api/batches/:id/cancel", BY_CALLER, "jobs:write", USUAL, &shop_query, NULL, &batch_cancel_reply, 200,
	    "Cancel what has not ended of a batch.", batches_cancel },
	{ GET, "/api/queues", BY_OPERATOR, "jobs:read", USUAL, NULL, NULL, &queues_reply, 200,
	    "The queues: what waits in each, caps, pauses, rates.", queues_list },
	{ PATCH, "/api/queues/:name", BY_OPERATOR, "jobs:write", USUAL, NULL, &queue_body, &queue_reply, 200,
	    "Pause a queue, resume it, change its caps or its rate.", queues_change },
	{ PUT, "/api/queues/:name/shops/:shop", BY_OPERATOR, "jobs:write", USUAL, NULL, &queue_shop_body, &queue_reply, 200,
	    "Give a shop, by name or number, a cap of its own in a queue.", queues_shop_cap },
	{ DELETE, "/api/queues/:name/shops/:shop", BY_OPERATOR, "jobs:write", USUAL, NULL, NULL, &queue_reply, 200,
	    "Let the queue's cap hold for a shop again.", queues_shop_uncap },
	{ GET, "/api/queues/figures", BY_OPERATOR, "jobs:read", USUAL, &figures_query, NULL, &figures_reply, 200,
	    "What was done in each of the last minutes, and how long it waited and ran.", figures_show },
	{ GET, "/api/schedules", BY_OPERATOR, "jobs:read", USUAL, NULL, NULL, &schedules_reply, 200,
	    "The schedules: when each is due, and what it puts.", schedules_list },
	{ PATCH, "/api/schedules/:name", BY_OPERATOR, "jobs:write", USUAL, NULL, &schedule_body, &schedule_reply, 200,
	    "Pause a schedule, resume it, give it another time.", schedules_change },
	{ POST, "/api/schedules/:name/run", BY_OPERATOR, "jobs:write", USUAL, NULL, NULL, &schedule_reply, 200,
	    "Let a schedule be due now, besides its times.", schedules_run },
	{ PUT, "/api/schedules/:name", BY_OPERATOR, "jobs:write", USUAL, NULL, &schedule_put, &schedule_reply, 200,
	    "Make a schedule of the operator's own, or make it so.", schedules_put },
	{ DELETE, "/api/schedules/:name", BY_OPERATOR, "jobs:write", USUAL, NULL, NULL, NULL, 204,
	    "Drop a schedule of the operator's own.", schedules_drop },
	{ GET, "/api/rates", BY_OPERATOR, "jobs:read", USUAL, NULL, NULL, &rates_reply, 200,
	    "The rates by which queues' starts are counted.", rates_list },
	{ PUT, "/api/rates/:key", BY_OPERATOR, "jobs:write", USUAL, NULL, &rate_body, &rate_reply, 200,
	    "Make a rate, or make it so.", rates_put },
	{ DELETE, "/api/rates/:key", BY_OPERATOR, "jobs:write", USUAL, NULL, NULL, NULL, 204,
	    "Drop a rate that no queue counts by.", rates_drop },
	{ GET, "/api/workers", BY_OPERATOR, "jobs:read", USUAL, NULL, NULL, &workers_reply, 200,
	    "The jobds: their last beat, their lease, their children.", workers_list },
	{ GET, "/api/queries", BY_OPERATOR, "metrics:read", USUAL, &queries_query, NULL, &queries_reply, 200,
	    "Slow and frequent queries of all programs on this host.", queries_list },
	{ GET, "/api/jobs/:id/output", BY_CALLER, "pulls:read", USUAL, &shop_query, NULL, &output_reply, 200,
	    "What a handler's program gave back.", output_show },
	{ GET, "/api/webhooks", BY_CALLER,   "webhooks:read", USUAL, &webhooks_query, NULL, &webhooks_reply, 200,
	    "What Shopify sent, newest first, and what became of it.", webhooks_list },
	{ GET, "/api/webhooks/:id", BY_CALLER, "webhooks:read", USUAL, &shop_query, NULL, &webhook_reply, 200,
	    "One webhook's headers, state and timing.", webhooks_show },
	{ GET, "/api/privacy", BY_CALLER, "privacy:read", USUAL, &list_query, NULL, &privacies_reply, 200,
	    "What the privacy law asked for, newest first, and what was done.", privacy_list_show },
	{ POST, "/api/privacy", BY_OPERATOR, "privacy:write", USUAL, NULL, &privacy_body, &privacy_reply, 202,
	    "Ask by hand for what Shopify's privacy topics ask for.", privacy_create },
	{ GET, "/api/privacy/access", BY_CALLER, "privacy:read", USUAL, &access_query, NULL, &access_reply, 200,
	    "Who opened whose personal data, when, through what.", access_list_show },
	{ GET, "/api/privacy/:id", BY_CALLER, "privacy:read", USUAL, &shop_query, NULL, &privacy_reply, 200,
	    "One request and its receipt.", privacy_show },
	{ GET, "/api/privacy/:id/package", BY_CALLER, "privacy:read", USUAL, &package_query, NULL, NULL, 200,
	    "All that is kept of a customer, as a file.", package_show },
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
