/*
 * What is said of jobs, in JSON: by the routes of ops and by stockroom jobs,
 * each of which has opened an object in the writer.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "store/jobview.h"

/* A page as `items`, and `next`, the id behind which to go on, or null. */
enum rc jobs_write(
    struct cx *cx, const struct jobview_ask *ask, struct jw *w) MUST_USE;

/* One job with all that is known of it; RC_ABSENT. */
enum rc job_write(struct cx *cx, int64_t id, struct jw *w) MUST_USE;

/*
 * Cancels: `became` is cancelled, or asked when it runs, for it stops at its
 * next safe point. RC_ABSENT; RC_CONFLICT when it has ended.
 */
enum rc job_cancel_write(struct cx *cx, int64_t id, struct jw *w) MUST_USE;

#endif
