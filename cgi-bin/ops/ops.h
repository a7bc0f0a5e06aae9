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

#endif
