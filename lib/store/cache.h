/* Door limits: one GCRA, shared by all processes (design.md 3, 5). Nothing else
 * may name an UNLOGGED table. */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include "io/db.h"

struct limit {
	const char *key; /* what is limited: "address:192.0.2.1" */
	int64_t per_minute;
	int64_t burst; /* calls that may come at once */
};

struct limit_state {
	int64_t left; /* calls that would pass now */
	int64_t reset_ms; /* until all of the burst is back */
};

/*
 * Takes one call. RC_LIMITED with cx->retry_after_ms when none is left; then
 * nothing is written. Outside any transaction.
 */
enum rc limit_take(
    struct cx *cx, const struct limit *limit, struct limit_state *out) MUST_USE;

/* Forgets what is as if nobody had called; for a quiet moment. */
enum rc limit_prune(struct cx *cx) MUST_USE;

#endif
