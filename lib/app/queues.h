/* What is said of queues and done to them, in JSON; as app/jobs.h. All of it is
 * the operator's: it needs cx->every_shop. */
#ifndef APP_QUEUES_H
#define APP_QUEUES_H

#include "base/json.h"

/* Every queue as `items`. */
enum rc queues_write(struct cx *cx, struct jw *w) MUST_USE;

/* What is to be otherwise; the rest stays. */
struct queue_change {
	bool has_paused, paused;
	int64_t max_running, max_running_per_shop; /* -1: stays */
	bool has_rate;
	const char *rate; /* "": no rate counts its starts any more */
};

/* Changes a queue and says how it is now. RC_ABSENT; RC_INPUT names what is
 * wrong, and nothing is changed. */
enum rc queue_change_write(struct cx *cx, const char *name,
    const struct queue_change *c, struct jw *w) MUST_USE;

/* A shop's own cap in a queue; -1: the queue's holds again. Codes likewise. */
enum rc queue_shop_write(struct cx *cx, const char *name, int64_t shop_id,
    int64_t max_running, struct jw *w) MUST_USE;

#endif
