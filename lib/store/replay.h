/* Jobs that ended dead are put once more; those that wait are tried now. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "io/db.h"

/* Which dead letters: all that is said must be so. One that was replayed is
 * not among them: what became of that is a job of its own. */
struct replay_filter {
	const char *queue; /* a name; NULL: any */
	const char *kind; /* NULL: any */
	int64_t shop_id; /* 0: any that cx may see */
	int64_t from, until; /* when they ended: from <= at < until; 0: open */
};

/* How many there are: what replay_all would do now. RC_INPUT when nothing at
 * all is said, or there is no such queue or kind. */
enum rc replay_count(
    struct cx *cx, const struct replay_filter *filter, int64_t *n) MUST_USE;

/*
 * Puts them, the oldest first, spread evenly over so many seconds (0: all at
 * once, at most a day). *n is how many; REPLAY_MOST in one call: say it again
 * for the rest. Whoever does it at the same time does not double any. Call
 * job_wake behind it. RC_INPUT as replay_count.
 */
enum { REPLAY_MOST = 10000, REPLAY_SPREAD_MOST_S = 24 * 3600 };
enum rc replay_all(struct cx *cx, const struct replay_filter *filter,
    int64_t spread_s, int64_t *n) MUST_USE;

/* One; *job is the job that replays it, also when that was put before, by a
 * first click. RC_ABSENT: no such job has ended; RC_CONFLICT: it is not dead,
 * or of a kind that there is no more. */
enum rc replay_one(struct cx *cx, int64_t id, int64_t *job) MUST_USE;

/* One that waits for its time, or to be tried again, is due now. RC_ABSENT: not
 * live; RC_CONFLICT: it runs, is due already, or waits for other jobs. */
enum rc retry_now(struct cx *cx, int64_t id) MUST_USE;

#endif
