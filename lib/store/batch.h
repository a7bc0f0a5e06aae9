/*
 * Batches: jobs that are one thing to those who wait for it, with a sum of how
 * far they are and one job when all have ended.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "store/job.h"

struct batch_new {
	int64_t shop_id;
	int32_t shop_epoch;
	/* Put once when all have ended, with args {"batch", "ok", "bad"};
	 * JOB_KINDS: none. */
	enum job_kind callback;
	int callback_priority; /* as job_new's */
};

struct batch {
	int64_t id;
	int64_t shop_id;
	int64_t total;
	int64_t ok;
	int64_t bad; /* dead and cancelled ones */
	bool sealed; /* nothing is added any more */
	int64_t created_at;
	int64_t cancelled_at; /* 0: was not */
	int64_t finished_at; /* sealed, and all have ended; 0: not yet */
};

/* An open batch: jobs come into it by job_new.batch_id. */
enum rc batch_begin(
    struct cx *cx, const struct batch_new *b, int64_t *id) MUST_USE;

/* Nothing more will be added. When all have ended by now, or there are none,
 * the callback is put here. Again, it does nothing. RC_ABSENT. Call job_wake
 * behind the commit. */
enum rc batch_seal(struct cx *cx, int64_t shop_id, int64_t id) MUST_USE;

/* How far it is: one row. RC_ABSENT. */
enum rc batch_load(
    struct cx *cx, int64_t shop_id, int64_t id, struct batch *out) MUST_USE;

struct batch_cancelled {
	int64_t waiting; /* ended at once */
	int64_t running; /* asked to stop */
};

/*
 * Cancels what has not ended; nothing is added any more, and the callback comes
 * as usual once it is sealed. Not within a transaction: a large one takes
 * several. RC_ABSENT.
 */
enum rc batch_cancel(struct cx *cx, int64_t shop_id, int64_t id,
    struct batch_cancelled *out) MUST_USE;

#endif
