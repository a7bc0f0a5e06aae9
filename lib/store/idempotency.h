/* Idempotency-Key: the first answer is kept and given again for a day. */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "io/db.h"

struct idempotency {
	struct slice hash; /* of caller and key */
	bool repeat; /* an answer is there */
	int status;
	const char *reply; /* JSON text */
	const char *location;
};

/*
 * Claims `key` of `caller` for this call of `route` with this body. RC_OK with
 * repeat unset: go on, then idempotency_done or _drop. RC_OK with repeat: give
 * the kept answer. RC_CONFLICT: the first call is still under way.
 * RC_UNPROCESSABLE: the key was used with another body or route.
 */
enum rc idempotency_take(struct cx *cx, const char *caller, const char *key,
    const char *route, struct slice body, struct idempotency *out) MUST_USE;

enum rc idempotency_done(struct cx *cx, const struct idempotency *own,
    int status, struct slice reply, const char *location) MUST_USE;

void idempotency_drop(struct cx *cx, const struct idempotency *own);

#endif
