/* What is said of batches, in JSON; as app/jobs.h. */
#ifndef APP_BATCHES_H
#define APP_BATCHES_H

#include "base/json.h"

/* How far one is that cx may see; RC_ABSENT. */
enum rc batch_write(struct cx *cx, int64_t id, struct jw *w) MUST_USE;

/* Cancels what has not ended of it: so many were `waiting`, so many `running`
 * were asked to stop. RC_ABSENT. */
enum rc batch_cancel_write(struct cx *cx, int64_t id, struct jw *w) MUST_USE;

#endif
