/*
 * Rates: so many starts a second, of a queue (queue_rate) or of whatever a key
 * names: a provider, an API key.
 */
#ifndef STORE_RATE_H
#define STORE_RATE_H

#include "io/db.h"

struct rate {
	const char *key;
	double per_s;
	double burst; /* so many at once after a rest */
	double tokens; /* now; below 0: that many too early */
	double hold_s; /* a provider said wait: so long still; 0: no */
	int64_t hold_until; /* 0: no hold */
};

/* Makes it, or makes it so; what has been saved up stays, up to the new burst.
 * RC_INPUT names what is wrong: per_s above 0, burst at least 1. */
enum rc rate_set(
    struct cx *cx, const char *key, double per_s, double burst) MUST_USE;

/* By key; all that there are. */
enum rc rate_list(struct cx *cx, struct rate **out, size_t *n) MUST_USE;

/* RC_ABSENT. */
enum rc rate_load(struct cx *cx, const char *key, struct rate *out) MUST_USE;

/*
 * A 429, or a Retry-After: nothing starts by this key for so many seconds, a
 * day at most; a longer hold stays. A key without a row is nobody's: nothing
 * happens. For handlers, before they return RC_LIMITED.
 */
enum rc rate_hold(struct cx *cx, const char *key, double seconds) MUST_USE;

/* RC_ABSENT; RC_CONFLICT while a queue counts by it. */
enum rc rate_drop(struct cx *cx, const char *key) MUST_USE;

#endif
