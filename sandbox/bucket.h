/* The leaky bucket of one app on one shop (shopify.md 4.4). */
#ifndef SANDBOX_BUCKET_H
#define SANDBOX_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

/* Points; `available` is as of `at_ms`. */
struct bucket {
	double size;
	double restore; /* a second */
	double available;
	int64_t at_ms;
};

/* A full one. */
struct bucket bucket_new(double size, double restore, int64_t now_ms);

/* Fills up for the time that has passed; whether `points` are there. */
bool bucket_has(struct bucket *b, int64_t now_ms, int64_t points);

/* Takes what a query really cost. */
void bucket_take(struct bucket *b, int64_t points);

/* "cost": {requestedQueryCost, actualQueryCost (negative: null),
 * throttleStatus}. */
void bucket_write(
    struct jw *w, const struct bucket *b, int64_t asked, int64_t actual);

#endif
