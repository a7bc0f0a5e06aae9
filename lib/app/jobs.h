/*
 * What is said of jobs, in JSON: by the routes of ops and by stockroom jobs,
 * each of which has opened an object in the writer.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "store/jobview.h"
#include "store/replay.h"

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

/*
 * One that waits is due now; one that is dead is put once more. `job` is the
 * job that does it. RC_ABSENT; RC_CONFLICT when there is nothing to try again.
 */
enum rc job_retry_write(struct cx *cx, int64_t id, struct jw *w) MUST_USE;

struct jobs_replay {
	struct replay_filter filter;
	int64_t spread_s; /* puts them over so many seconds */
	bool dry_run; /* only says how many there are */
};

/* Puts dead ones once more: `count` there were, `put` were put, at most
 * REPLAY_MOST at a time. RC_INPUT without a filter. */
enum rc jobs_replay_write(
    struct cx *cx, const struct jobs_replay *r, struct jw *w) MUST_USE;

#endif
