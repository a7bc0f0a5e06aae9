/* Pulls and their parts as rows. */
#ifndef STORE_PULL_H
#define STORE_PULL_H

#include "io/db.h"

struct pull_part {
	const char *pull_id;
	const char *resource;
	const char *state; /* queued running completed failed cancelled */
	int64_t done;
	int64_t total; /* -1: not known */
	int64_t pages;
	const char *children; /* JSON object: counts by kind */
	int64_t cost_points;
	const char *error;
	int64_t started_at;
	int64_t finished_at;
	int64_t job_id; /* 0: no live job */
	const char *job_error; /* of the run before, when it is tried again */
	const char *job_state;
	int64_t job_run_at;
	const char *mode; /* paged, bulk; auto until it was counted */
	const char *bulk_id; /* Shopify's, of its operation; NULL: none yet */
	const char *bulk_status; /* as Shopify said last */
	int64_t bulk_objects; /* lines of its file; -1: not known */
	int64_t file_bytes; /* -1: not known */
	int64_t read_bytes;
};

struct pull {
	const char *id;
	const char *mode;
	const char *state; /* as a part's */
	int64_t since; /* 0: everything */
	int32_t shop_epoch;
	int64_t created_at;
	int64_t started_at;
	int64_t finished_at;
	const char *error;
	const struct pull_part *parts;
	size_t n_parts;
};

/* What a page needs to know. */
struct pull_step {
	const char *state; /* the part's */
	const char *cursor; /* NULL: the first page */
	int page_size; /* 0: not tried yet */
	int64_t pages;
	int64_t done;
	int64_t total;
	const char *pull_state;
	const char *since; /* RFC 3339, or NULL; the present window's start */
	int64_t window; /* the same where the part is windowed, else 0 */
	int32_t shop_epoch;
	const char *mode; /* as a part's */
};

/* A new pull with a part for each of `resources`, inside the caller's
 * transaction; sets pull->id. `asked_by` is kind and id of the caller. */
enum rc pull_put(struct cx *cx, struct pull *pull, const char *const *resources,
    size_t n, const char *asked_by) MUST_USE;

/* With its parts; RC_ABSENT. */
enum rc pull_load(struct cx *cx, const char *id, struct pull *out) MUST_USE;

/* Newest first, behind id `after` (NULL: from the newest), with their parts. */
enum rc pull_list(struct cx *cx, const char *after, int limit,
    struct pull **out, size_t *n) MUST_USE;

/* RC_ABSENT when there is no such part. */
enum rc pull_step_load(struct cx *cx, const char *id, const char *resource,
    struct pull_step *out) MUST_USE;

/* The part begins, Shopify counting `total` objects (-1: not known). */
enum rc pull_begin(struct cx *cx, const char *id, const char *resource,
    int64_t total) MUST_USE;

struct pull_page {
	const char *cursor;
	int64_t window; /* a new one begins, from its start; 0: none does */
	int page_size;
	int64_t objects;
	const char *children; /* JSON object: counts by kind */
	int64_t cost_points;
	bool more;
};

/*
 * Inside the transaction that keeps the page's rows: moves the cursor (or
 * begins a new window without one), adds what the page brought and, behind the
 * last page, ends part and pull.
 * RC_STOPPED when the part is not going on any more: roll back.
 */
enum rc pull_advance(struct cx *cx, const char *id, const char *resource,
    const struct pull_page *page) MUST_USE;

/* Whoever ends a part holds the pull's row first, so that two parts that end at
 * once see one another; then the pull ends with its last part. In the caller's
 * transaction. */
enum rc pull_lock(struct cx *cx, const char *id) MUST_USE;
enum rc pull_finish(struct cx *cx, const char *id) MUST_USE;

/* Ends a part for good, and the pull when it was the last, in a transaction. */
enum rc pull_fail(struct cx *cx, const char *id, const char *resource,
    const char *why) MUST_USE;

/* Stops it, its parts and their jobs, in a transaction; one that is over stays
 * as it is. */
enum rc pull_cancel(struct cx *cx, const char *id) MUST_USE;

#endif
