/* The job table as those who put and run jobs use it (queue.md). */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "io/db.h"

enum job_kind {
#define KIND(                                                                  \
    name, word, pool, queue, soft_s, hard_s, attempts, keyring, shown)         \
	JOB_##name,
#include "store/kinds.def"
#undef KIND
	JOB_KINDS
};

/* What sort of child runs it (queue.md 5). */
enum job_pool { POOL_SYNC, POOL_IO };

struct job_kind_row {
	const char *word; /* column kind, and the handler's file */
	enum job_pool pool;
	int queue;
	int soft_s;
	int hard_s; /* 0: none */
	int attempts;
	bool keyring;
	const char *shown; /* a sentence for people */
};

const struct job_kind_row *job_kind_row(enum job_kind kind);
/* "sync", "io": what a jobd says of its children. */
const char *job_pool_word(enum job_pool pool);
/* JOB_KINDS when there is no such word. */
enum job_kind job_kind_of(const char *word);

/* A job as its handler sees it. */
struct job {
	int64_t id;
	int32_t epoch; /* the fence */
	enum job_kind kind;
	int64_t shop_id;
	int32_t shop_epoch; /* of the time when it was put */
	int attempt; /* 1 for the first run */
	int max_attempts;
	struct json args;
};

/* Which of a queue's jobs goes first, 0 .. 9: a strict order, so what is put
 * all the time must not stand above what has to get done. */
enum job_priority {
	JOB_WATCHED = 2, /* somebody looks at the screen for it */
	JOB_EVENT = 3, /* the world has changed: one job an event */
	JOB_USUAL = 4,
	JOB_BACKGROUND = 6, /* nobody waits */
	JOB_LAST = 8
};

/* What one that is live under the same `unique` name does to a new one. */
enum job_same {
	JOB_AGAIN, /* waits: the new one is dropped; runs: it runs again */
	JOB_DROP, /* the new one is dropped */
	JOB_REPLACE /* waits: gets the new one's args and time, which puts off
		     * what keeps coming; runs: goes round again with them */
};

enum { JOB_ARGS_MAX_BYTES = 8192, JOB_AFTER_MOST = 1000 };

/* A job to put. */
struct job_new {
	enum job_kind kind;
	int64_t shop_id;
	int32_t shop_epoch;
	const char *args; /* a JSON object's text; NULL: {} */
	const char *unique; /* NULL: no; else one job of this name at a time */
	enum job_same same;
	int priority; /* 0 first .. 9 last, see job_priority */
	double delay_s;
	int attempts; /* 0: as many as its kind has */
	/* From here on for job_put_tied. 0: no; else one job of the `unique`
	 * name in so many seconds, ended ones counted: a new one is dropped. */
	int64_t period_s;
	int64_t batch_id; /* 0: none (store/batch.h) */
	/* Jobs of the same shop that must have completed first. When one is
	 * dead or cancelled, so is this one; with `after_any` it runs once all
	 * have ended, whatever became of them. */
	const int64_t *after;
	size_t after_n;
	bool after_any;
};

/*
 * Puts it; *id (may be NULL) is its number, or that of the one that is there
 * already; 0 when that came this moment. Inside a transaction it commits with
 * it: call job_wake behind the commit. RC_INPUT when args are longer than 8 KB.
 */
enum rc job_put(struct cx *cx, const struct job_new *job, int64_t *id) MUST_USE;

/*
 * The same for one that replaces, is one a period, belongs to a batch or waits
 * for others, which takes more rights than a program needs that only puts jobs.
 * *id is 0, too, when the period's job has ended. For a batch or others a
 * transaction must be open. RC_CONFLICT when its batch takes no more, or a job
 * to wait for is dead, cancelled or not known.
 */
enum rc job_put_tied(
    struct cx *cx, const struct job_new *job, int64_t *id) MUST_USE;

/*
 * Puts many in few statements, all or none where a transaction is open; *put_n
 * (may be NULL) is how many were: those whose `unique` name is live are
 * dropped, and a running one does not go round again. Without `after` and
 * period_s; all in one batch or in none. Codes as job_put.
 */
enum rc job_put_many(struct cx *cx, const struct job_new *jobs, size_t n,
    int64_t *put_n) MUST_USE;

/* Lets them come evenly over so many seconds. */
void job_spread(struct job_new *jobs, size_t n, double over_s);

struct job_untied {
	int64_t cancelled;
	int64_t freed; /* that wait for fewer now, or for none */
};

/* For jobd's sweep: what became of jobs that wait for others which are dead or
 * cancelled, `most` ties at most. */
enum rc job_untie(struct cx *cx, int most, struct job_untied *out) MUST_USE;

/* Wakes jobd: a byte to its socket in RUN_DIR, else a hint through Postgres
 * when one is idle. A lost wake costs one poll, never a job. */
void job_wake(struct cx *cx);

/* Inside the handler's transaction: is this run still ours? RC_STOPPED when
 * not: roll back. While it is held, nobody else takes the job. */
enum rc job_fence(struct cx *cx) MUST_USE;

/* Ends the job as completed inside the open transaction and commits both, so
 * that its effect happens once; `result` is JSON text or NULL. RC_STOPPED when
 * the fence has moved on: everything is rolled back. */
enum rc job_commit_result(struct cx *cx, const char *result) MUST_USE;
enum rc job_commit(struct cx *cx) MUST_USE;

/* Writes a line for people into the job's notes. */
void job_note(struct cx *cx, const char *fmt, ...) PRINTF(2, 3);

/* How far it is, for people; failures are not passed on. */
void job_progress(struct cx *cx, int64_t done, int64_t total, const char *note);

#endif
