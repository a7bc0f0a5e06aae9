/* The handlers of this program, one file a resource. */
#ifndef OPS_H
#define OPS_H

#include "web/route.h"

/* health.c */
extern const struct shape health_reply, ready_reply;
handler_fn health_show, ready_show;
/* metrics.c */
handler_fn metrics_show;
/* openapi.c */
handler_fn openapi_show;
/* jobs.c */
extern const struct shape jobs_query, jobs_reply, job_reply;
handler_fn jobs_list, jobs_show;
/* jobs_act.c */
extern const struct shape job_cancel_reply, job_retry_reply, replay_body,
    replay_reply;
handler_fn jobs_cancel, jobs_retry, jobs_replay;
/* batches.c */
extern const struct shape batch_reply, batch_cancel_reply;
handler_fn batches_show, batches_cancel;
/* queues.c */
extern const struct shape queues_reply, queue_reply, queue_body,
    queue_shop_body;
handler_fn queues_list, queues_change, queues_shop_cap, queues_shop_uncap;
/* schedules.c */
extern const struct shape schedules_reply, schedule_reply, schedule_body,
    schedule_put;
handler_fn schedules_list, schedules_change, schedules_run, schedules_put,
    schedules_drop;
/* rates.c */
extern const struct shape rates_reply, rate_reply, rate_body;
handler_fn rates_list, rates_put, rates_drop;
/* figures.c */
extern const struct shape figures_query, figures_reply, queries_query,
    queries_reply;
handler_fn figures_show, queries_list;
/* workers.c */
extern const struct shape workers_reply;
handler_fn workers_list;
/* output.c */
extern const struct shape output_reply;
handler_fn output_show;
/* webhooks.c */
extern const struct shape webhooks_query, webhooks_reply, webhook_reply;
handler_fn webhooks_list, webhooks_show;
/* privacy.c */
extern const struct shape privacy_body, privacy_reply, privacies_reply,
    access_query, access_reply;
handler_fn privacy_list_show, privacy_show, privacy_create, access_list_show;
/* package.c */
extern const struct shape package_query;
handler_fn package_show;

/* The operator may look at all shops at once, or name one; anybody else has
 * one. */
enum rc ops_scope(
    struct cx *cx, const struct req *rq, const char *named) MUST_USE;

/* The number in the path; RC_ABSENT, with the word, when it is none. */
enum rc ops_number(struct cx *cx, const struct req *rq, const char *what,
    int64_t *id) MUST_USE;

#endif
