/*
 * What may be lost: the doors' limits and hot copies of sessions (design.md 3,
 * 5). In Redis where CACHE_URL names one, else limits lie in an UNLOGGED table
 * and nothing is copied. Nothing else may name that table or ask Redis.
 *
 * Redis gone makes this slower, never wrong: limits are counted by Postgres
 * meanwhile, and what a copy says is asked there.
 */
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

/*
 * Hot copies: what Postgres said a moment ago. A copy lives for HOT_MS; it is
 * never renewed by being read. The key is "thing:..." with something that
 * nobody can guess, and is of no use again once it was ended. All of them
 * outside any transaction.
 */
enum { HOT_MS = 5000 };

/* RC_ABSENT, not noted, when there is none: ask Postgres. *keep says whether
 * its answer is worth a hot_put: not behind an end. */
enum rc hot_get(
    struct cx *cx, const char *key, struct slice *out, bool *keep) MUST_USE;

/* Keeps what Postgres said, unless the key was ended meanwhile. */
void hot_put(struct cx *cx, const char *key, struct slice value);

/*
 * After the commit that ended it: no copy says otherwise from here on. Where
 * Redis cannot be told, this waits until every copy has died (HOT_MS and a
 * little), or until told to stop: RC_STOPPED.
 */
enum rc hot_end(struct cx *cx, const char *key) MUST_USE;

#endif
