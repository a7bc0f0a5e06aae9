/* Pulls: asked for, then worked off page by page by jobs. */
#ifndef APP_PULLS_H
#define APP_PULLS_H

#include "app/resources.h"
#include "store/job.h"
#include "store/pull.h"

struct pull_ask {
	const char *const *resources;
	size_t n;
	const char
	    *mode; /* paged, bulk, or auto (NULL): by how many there are */
	int64_t since; /* 0: everything */
	const char *asked_by;
};

/*
 * Notes a pull of cx->shop_id and puts its jobs, in one transaction; wakes
 * jobd. Transactions come with their orders: asked for beside them, they are no
 * part of their own. RC_CONFLICT when the shop cannot be pulled now.
 */
enum rc pull_ask(struct cx *cx, const struct shop *shop,
    const struct pull_ask *ask, struct pull *out) MUST_USE;

/* Whether the shop can be pulled now; RC_CONFLICT says why not. */
enum rc pull_allowed(struct cx *cx, const struct shop *shop) MUST_USE;

/* Stops it and its jobs, and what Shopify does for it; wakes jobd. */
enum rc pull_stop(
    struct cx *cx, const struct shop *shop, const char *pull_id) MUST_USE;

/*
 * Puts the job of a part; from inside its own run it goes round once more. Who
 * asked looks at the first page; the many behind it are not to stand in
 * anybody's way.
 */
enum rc pull_job_put(struct cx *cx, const struct shop *shop,
    const char *pull_id, const char *resource,
    enum job_priority priority) MUST_USE;

#endif
