/* How often: limits of address, key or session, and shop (design.md 3). */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

#include "web/route.h"

/*
 * Counts the call against the limits its row names that are known by now: the
 * address before the caller is, the caller and its shop after. RC_LIMITED with
 * cx->retry_after_ms; RateLimit headers tell the nearest limit.
 */
enum rc limits_take(struct cx *cx, const struct route *route,
    const struct req *rq, struct reply *rp) MUST_USE;

#endif
