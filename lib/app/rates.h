/* What is said of rates and done to them, in JSON; as app/jobs.h. All of it is
 * the operator's. */
#ifndef APP_RATES_H
#define APP_RATES_H

#include "base/json.h"

/* Every rate as `items`, by key. */
enum rc rates_write(struct cx *cx, struct jw *w) MUST_USE;

/* Makes it, or makes it so: so many starts a second, so many at once after a
 * rest. RC_INPUT names what is wrong. */
enum rc rate_put_write(struct cx *cx, const char *key, struct json per_s,
    struct json burst, struct jw *w) MUST_USE;

/* RC_ABSENT; RC_CONFLICT while a queue counts by it. */
enum rc rate_drop_named(struct cx *cx, const char *key) MUST_USE;

#endif
