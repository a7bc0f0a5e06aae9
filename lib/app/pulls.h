/* Pulls: asked for, then worked off page by page by jobs. */
#ifndef APP_PULLS_H
#define APP_PULLS_H

#include "app/page.h"
#include "store/job.h"
#include "store/pull.h"

struct pull_ask {
	const char *const *resources;
	size_t n;
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

/*
 * Reads and keeps one page of a part, moves its cursor and ends the job, all
 * rows in one transaction; while there is more, the job goes round again. Safe
 * to run twice: rows are saved by Shopify's id, and cursor and rows commit
 * together.
 */
enum rc pull_page(struct cx *cx, const struct job *job) MUST_USE;

/* The part's job ended for good: says so in the part. */
void pull_page_dead(struct cx *cx, const struct job *job);

#endif
