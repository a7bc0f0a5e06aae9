/* Pulls in bulk: what the jobs of a part share. */
#ifndef APP_BULK_H
#define APP_BULK_H

#include "app/resources.h"
#include "shopify/bulk.h"
#include "store/bulk.h"
#include "store/job.h"

/* Everything a bulk job knows. */
struct bulk_work {
	const struct resource *resource;
	struct bulk_part part;
	struct shop shop;
	bool over; /* the part is not going on: nothing is to be done */
};

/* By the job's arguments {"pull", "resource"}. RC_CONFLICT: the shop cannot be
 * pulled now, or was installed anew. */
enum rc bulk_work_load(
    struct cx *cx, const struct job *job, struct bulk_work *out) MUST_USE;

/* Puts the next job of the part, `delay_s` from now; inside a transaction. */
enum rc bulk_job_put(struct cx *cx, const struct bulk_work *work,
    enum job_kind kind, double delay_s) MUST_USE;

/* Begins a part in bulk, inside the caller's transaction. */
enum rc bulk_first_put(struct cx *cx, const struct shop *shop,
    const char *pull_id, const char *resource) MUST_USE;

/* What Shopify says of the part's operation, noted in the part. */
enum rc bulk_look(
    struct cx *cx, struct bulk_work *work, struct bulk_op *op) MUST_USE;

/* It gives no more: begins another one or, once several have broken, keeps what
 * the last had and then fails. Ends the job. */
enum rc bulk_broken(struct cx *cx, const struct bulk_work *work,
    const struct bulk_op *op) MUST_USE;

/* The part ends well, and with the last one the pull, of which handlers hear;
 * in the caller's transaction. RC_STOPPED when it is not going on any more. */
enum rc bulk_end(struct cx *cx, const struct bulk_work *work) MUST_USE;

/* Tells Shopify to stop the part's operation, by a job, where one is under way;
 * in the caller's transaction. */
enum rc bulk_cancel_put(
    struct cx *cx, const struct shop *shop, const char *bulk_id) MUST_USE;

/* {"id": gid}: of bulk_poll and bulk_cancel. */
enum rc bulk_id_variables(
    struct cx *cx, const char *id, struct slice *out) MUST_USE;

/* Reads the file of an operation from where the part has come to, and keeps it.
 * RC_OK: all of it is kept. */
enum rc bulk_import(
    struct cx *cx, struct bulk_work *work, const struct bulk_op *op) MUST_USE;

#endif
