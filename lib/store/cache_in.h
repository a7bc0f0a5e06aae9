/* What the files of lib/store/cache share. */
#ifndef STORE_CACHE_IN_H
#define STORE_CACHE_IN_H

#include "store/cache.h"

/* A call that was counted, or not: in microseconds. */
struct limit_said {
	bool passed;
	int64_t us; /* passed: until the bucket is as it was; else: until one
		       will */
};

/* The same by each; `step_us` a call costs, `burst_us` may be used ahead.
 * RC_BUSY: ask the other one. */
enum rc limit_by_redis(struct cx *cx, const char *key, int64_t step_us,
    int64_t burst_us, struct limit_said *out) MUST_USE;
enum rc limit_by_rows(struct cx *cx, const char *key, int64_t step_us,
    int64_t burst_us, struct limit_said *out) MUST_USE;

#endif
