/* Jobs as people look at them: live and ended, in one list. */
#ifndef STORE_JOBVIEW_H
#define STORE_JOBVIEW_H

#include "io/db.h"

struct jobview {
	int64_t id;
	const char *queue;
	int64_t shop_id;
	const char *kind;
	const char *state; /* a live job's state, or an ended one's outcome */
	int priority; /* -1: ended */
	int attempt;
	int max_attempts; /* 0: ended */
	const char *args; /* JSON; NULL for a completed job */
	const char *error;
	const char *trace;
	int64_t created_at, run_at, started_at, finished_at;
	const char *result; /* JSON or NULL */
	int64_t batch_id; /* 0: none */
	int64_t cancel_at; /* when somebody asked; 0: nobody did */
	int64_t worker_id; /* of the jobd that has it; 0: none has */
};

/* Of what is 0 or NULL nothing is asked. */
struct jobview_ask {
	int64_t after; /* go on behind this id */
	const char *const *states; /* any of these states and outcomes */
	size_t n_states;
	const char *kind;
	const char *queue;
	int64_t since, before; /* when it was put: since <= at < before */
	const char *text; /* stands in its args, whatever the case */
	int64_t batch_id;
	int limit;
};

struct jobnote {
	int64_t at;
	const char *text;
};

/* Of cx->shop_id; with cx->every_shop, of all shops. Newest first. */
enum rc jobview_list(struct cx *cx, const struct jobview_ask *ask,
    struct jobview **out, size_t *n) MUST_USE;

/* Likewise; RC_ABSENT. */
enum rc jobview_load(struct cx *cx, int64_t id, struct jobview *out) MUST_USE;

/* Why a live job does not run now (design.md 7). */
struct jobwhy {
	/* paused, cap, shop_cap, rate, hold, blocked, scheduled, no_worker,
	 * or next: nothing stands in its way; NULL when it runs or has ended */
	const char *word;
	int64_t until; /* of rate, hold, scheduled; 0: not known */
	int64_t n; /* of blocked: by so many; of the caps: the cap */
	const char *queue;
};

/* Every reason by which a job may wait, ended by NULL. */
extern const char *const jobwhy_words[];

/* `pool` is the word of the pool that runs its kind. */
enum rc jobview_why(struct cx *cx, const struct jobview *job, const char *pool,
    struct jobwhy *out) MUST_USE;

/* What its handler wrote down, oldest first. */
enum rc jobview_notes(struct cx *cx, const struct jobview *job,
    struct jobnote **out, size_t *n) MUST_USE;

/* An attempt that was followed by another. */
struct jobattempt {
	int attempt;
	const char *became; /* retry, lost, suspect */
	int64_t at;
	const char *error;
};

/* Oldest first. */
enum rc jobview_attempts(struct cx *cx, const struct jobview *job,
    struct jobattempt **out, size_t *n) MUST_USE;

/* How far it is; RC_ABSENT when it has not said. *total is -1 when unknown. */
enum rc jobview_progress(struct cx *cx, const struct jobview *job,
    int64_t *done, int64_t *total, const char **note) MUST_USE;

/* The jobd that has a running job. */
struct jobholder {
	int64_t id;
	const char *host;
	int64_t pid;
	int64_t lease_until;
	bool alive; /* its lease has not ended */
};

/* RC_ABSENT when none has it. */
enum rc jobview_holder(
    struct cx *cx, const struct jobview *job, struct jobholder *out) MUST_USE;

/* Another job that it waits for (`up`), or that waits for it. */
struct jobkin {
	bool up;
	int64_t id;
	const char *kind;
	const char *state;
};

/* The first hundred of them. */
enum rc jobview_kin(struct cx *cx, const struct jobview *job,
    struct jobkin **out, size_t *n) MUST_USE;

/* The job that was put to do this dead one once more; 0: none was. */
enum rc jobview_replayed(
    struct cx *cx, const struct jobview *job, int64_t *by) MUST_USE;

/* Whose a batch is; RC_ABSENT when cx may not see it. */
enum rc jobview_batch(struct cx *cx, int64_t id, int64_t *shop_id) MUST_USE;

/*
 * Of the whole queue, for readiness: how many seconds the oldest job that could
 * run has waited, and whether a jobd is alive. Needs cx->every_shop.
 */
enum rc jobview_backlog(struct cx *cx, int64_t *age_s, bool *jobd) MUST_USE;

#endif
