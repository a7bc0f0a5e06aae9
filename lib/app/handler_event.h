/* What a handler is told: one JSON object, and names for its environment. */
#ifndef APP_HANDLER_EVENT_H
#define APP_HANDLER_EVENT_H

#include "app/handlers.h"
#include "store/job.h"
#include "store/keyring.h"

struct handler_event {
	const struct handler *handler;
	const char *id; /* of what happened: the same at each try */
	int64_t shop_id; /* 0: of no shop */
	struct subject subject; /* whose data it holds; 's': the shop's */
	struct slice json;
	const char *const *env; /* NAME=value, ended by NULL */
};

/*
 * By the args of a job that handler_job_* or a schedule has put. Everything
 * lives as long as the job. RC_ABSENT when handler, delivery or pull are there
 * no more; RC_CONFLICT when it is of a time before the shop was installed anew
 * (but for what may come from then: the privacy topics and app/uninstalled).
 */
enum rc handler_event_load(
    struct cx *cx, const struct job *job, struct handler_event *out) MUST_USE;

#endif
