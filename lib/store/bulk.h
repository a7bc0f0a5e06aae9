/* A part that is pulled in bulk, and what its file leaves to be done. */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/keyring.h"

/* What a bulk job needs to know; counts are -1 where Shopify has not said. */
struct bulk_part {
	const char *pull_id, *resource;
	const char *state; /* the part's */
	const char *mode;
	const char *id; /* Shopify's, of the operation; NULL: none yet */
	const char *status;
	const char *look; /* when it began, as Postgres wrote it */
	int64_t tries; /* operations that were begun for it */
	int64_t objects, roots, file_bytes;
	int64_t read_bytes, read_lines; /* kept so far */
	int64_t done, total;
	int32_t shop_epoch;
	const char *since; /* RFC 3339, or NULL */
	double age_s; /* since the part began */
};

/* RC_ABSENT when there is no such part. */
enum rc bulk_part_load(struct cx *cx, const char *pull_id, const char *resource,
    struct bulk_part *out) MUST_USE;

/* An operation was begun at Shopify; what an earlier one left is forgotten. In
 * the caller's transaction. RC_STOPPED: the part is not going on any more. */
enum rc bulk_part_begin(struct cx *cx, const struct bulk_part *part,
    const char *id, const char *status, const char *look) MUST_USE;

/* How a part that was to choose is pulled. */
enum rc bulk_part_mode(struct cx *cx, const char *pull_id, const char *resource,
    const char *mode) MUST_USE;

/* What Shopify says of it: part->status, objects, roots, file_bytes. */
enum rc bulk_part_note(struct cx *cx, const struct bulk_part *part) MUST_USE;

/* Some lines are kept, in the caller's transaction: part->read_bytes and
 * read_lines are now so; RC_STOPPED as above. */
struct bulk_step {
	int64_t objects;
	const char *children; /* JSON object: counts by kind */
	int64_t cost_points;
};
enum rc bulk_part_advance(struct cx *cx, const struct bulk_part *part,
    const struct bulk_step *step) MUST_USE;

/* All of it is kept: ends the part, and the pull when it was the last. In the
 * caller's transaction; RC_STOPPED as above. */
enum rc bulk_part_end(struct cx *cx, const struct bulk_part *part) MUST_USE;

/* The part of an operation; RC_ABSENT when it has none that goes on. */
enum rc bulk_part_of(struct cx *cx, const char *bulk_id, const char **pull_id,
    const char **resource) MUST_USE;

/* Its operation is over: the job that looks after it is due now. In the
 * caller's transaction; wake jobd behind the commit. */
enum rc bulk_wake(
    struct cx *cx, const char *pull_id, const char *resource) MUST_USE;

/* Tables have grown: plans are to be made anew, in this session. */
enum rc bulk_replan(struct cx *cx) MUST_USE;

/* In the transaction that keeps lines: its commit need not wait for the disk.
 */
enum rc bulk_unsynced(struct cx *cx) MUST_USE;

/* ---- what is left */

/* A parent whose children may still come. */
struct bulk_parent {
	int64_t id;
	const char *updated_at;
	struct subject subject; /* kind 0: nobody's */
	int64_t wanted, got; /* children, in the parent's own measure */
	const struct blob_key *key; /* of the subject; NULL: none */
	bool stored; /* it is noted in bulk_left */
	bool last; /* of those that came */
};

/* Those of these numbers that are noted. */
enum rc bulk_parents_load(struct cx *cx, const struct bulk_part *part,
    const int64_t *ids, size_t n, struct bulk_parent **out,
    size_t *n_out) MUST_USE;
/* Those whose rows this pull has saved: "orders" or "products". */
enum rc bulk_parents_saved(struct cx *cx, const struct bulk_part *part,
    const int64_t *ids, size_t n, struct bulk_parent **out,
    size_t *n_out) MUST_USE;
enum rc bulk_parents_save(struct cx *cx, const struct bulk_part *part,
    const struct bulk_parent *list, size_t n) MUST_USE;

/* "parent", "child", "refund", "short". */
enum rc bulk_left_put(struct cx *cx, const struct bulk_part *part,
    const char *kind, const int64_t *ids, size_t n) MUST_USE;
enum rc bulk_left_drop(struct cx *cx, const struct bulk_part *part,
    const char *kind, const int64_t *ids, size_t n) MUST_USE;

/* Some of a kind: numbers and, of children, their lines as they are sealed. */
struct bulk_left {
	int64_t *ids;
	struct slice *lines;
	size_t n;
};
enum rc bulk_left_list(struct cx *cx, const struct bulk_part *part,
    const char *kind, int limit, struct bulk_left *out) MUST_USE;

/* Children that came before their parent, by where their line begins. */
enum rc bulk_children_put(struct cx *cx, const struct bulk_part *part,
    const struct bulk_left *list) MUST_USE;

/* Where such a line's blob belongs. */
struct blob_place bulk_child_place(
    struct cx *cx, const struct bulk_part *part, int64_t at);

/* The file is read: parents that fall short are noted as such, and variants
 * that it no longer named are gone. In the caller's transaction. */
enum rc bulk_settle(struct cx *cx, const struct bulk_part *part) MUST_USE;

#endif
