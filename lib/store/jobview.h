/* Jobs as people look at them: live and ended, in one list. */
#ifndef STORE_JOBVIEW_H
#define STORE_JOBVIEW_H

#include "io/db.h"

struct jobview {
	int64_t id;
	int queue;
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
};

struct jobview_ask {
	int64_t after; /* 0: from the newest */
	const char *state; /* NULL: any */
	const char *kind; /* NULL: any */
	int limit;
};

struct jobnote {
	int64_t at;
	const char *text;
};

/* Of cx->shop_id; with cx->every_shop, of all shops. */
enum rc jobview_list(struct cx *cx, const struct jobview_ask *ask,
    struct jobview **out, size_t *n) MUST_USE;

/* Likewise; RC_ABSENT. */
enum rc jobview_load(struct cx *cx, int64_t id, struct jobview *out) MUST_USE;

/* Why it is not running now, in words; NULL when it is, or has ended. */
enum rc jobview_why(
    struct cx *cx, const struct jobview *job, const char **out) MUST_USE;

/* What its handler wrote down, oldest first. */
enum rc jobview_notes(struct cx *cx, const struct jobview *job,
    struct jobnote **out, size_t *n) MUST_USE;

/* How far it is; RC_ABSENT when it has not said. *total is -1 when unknown. */
enum rc jobview_progress(struct cx *cx, const struct jobview *job,
    int64_t *done, int64_t *total, const char **note) MUST_USE;

/*
 * Of the whole queue, for readiness: how many seconds the oldest job that could
 * run has waited, and whether a jobd is alive. Needs cx->every_shop.
 */
enum rc jobview_backlog(struct cx *cx, int64_t *age_s, bool *jobd) MUST_USE;

#endif
