/* The job table as those who put and run jobs use it (queue.md). */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "io/db.h"

enum job_kind {
#define KIND(name, word, queue, soft_s, hard_s, attempts, keyring, shown)      \
	JOB_##name,
#include "store/kinds.def"
#undef KIND
	JOB_KINDS
};

struct job_kind_row {
	const char *word; /* column kind, and the handler's file */
	int queue;
	int soft_s;
	int hard_s; /* 0: none */
	int attempts;
	bool keyring;
	const char *shown; /* a sentence for people */
};

const struct job_kind_row *job_kind_row(enum job_kind kind);
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

/* A job to put. */
struct job_new {
	enum job_kind kind;
	int64_t shop_id;
	int32_t shop_epoch;
	const char *args; /* a JSON object's text; NULL: {} */
	const char *unique; /* NULL: no; else one job of this name at a time */
	int priority; /* 0 first .. 9 last; 4 as a rule */
	double delay_s;
};

/*
 * Puts it; *id (may be NULL) is its number, or that of the one that is there
 * already. A running one of the same `unique` goes round once more. Inside a
 * transaction it commits with it: call job_wake behind the commit.
 */
enum rc job_put(struct cx *cx, const struct job_new *job, int64_t *id) MUST_USE;

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
