/* Bulk operations (shopify.md 5): begun by a mutation, worked off by a process
 * of their own, their results files that another host gives out. */
#ifndef SANDBOX_BULK_H
#define SANDBOX_BULK_H

#include "run.h"

/* What never changes of one; the rest is in its head. */
struct bulk_row {
	int64_t id;
	int64_t created_at;
	const char *shop;
	const char *query;
	struct bulk_row *next;
};

struct bulks {
	struct arena *mem;
	const char *folder; /* NULL: nothing can be kept, so none can run */
	struct bulk_row *first; /* newest first */
	int64_t last_id;
};

enum bulk_status {
	BULK_CREATED,
	BULK_RUNNING,
	BULK_COMPLETED,
	BULK_CANCELING,
	BULK_CANCELED,
	BULK_FAILED,
	BULK_EXPIRED
};

enum bulk_error { BULK_NO_ERROR, BULK_DENIED, BULK_INTERNAL, BULK_TIMEOUT };

/* A file beside the result, mapped by the process that works on it. */
struct bulk_head {
	int64_t status; /* enum bulk_status */
	int64_t error; /* enum bulk_error */
	int64_t stop; /* somebody wants it to end */
	int64_t objects; /* lines so far */
	int64_t roots; /* of these, without a parent */
	int64_t bytes;
	int64_t completed_at;
};

/* One as the schema shows it. */
struct bulk {
	struct thing thing; /* created_at; updated_at is completedAt */
	const char *status;
	const char *error; /* or NULL */
	const char *query;
	int64_t objects, roots;
	const char *bytes; /* NULL: no file yet */
	const char *url; /* NULL: none */
	const char *partial_url;
};

/* How the file is made: switches and the fault that was asked for. */
struct bulk_how {
	int64_t least_ms; /* it takes so long at least */
	int64_t children_max; /* of each parent and connection; 0: all */
	int64_t spread; /* 0 behind their parent, 1 later, 2 before it */
	enum bulk_status end; /* COMPLETED, or what a fault makes of it */
	enum bulk_error error;
	bool stall; /* it never ends by itself */
};

/* ---- bulk.c: what there is */

struct bulk_row *bulks_add(
    struct bulks *b, const char *shop, const char *query, int64_t now);
struct bulk_row *bulks_find(const struct bulks *b, int64_t id);
/* How many of a shop are under way, and their gids, a comma between two. */
size_t bulks_going(
    struct cx *cx, const struct bulks *b, const char *shop, const char **gids);
enum rc bulk_show(
    struct cx *cx, const struct bulk_row *row, struct bulk *out) MUST_USE;
/* Asks it to end; false when it is over. */
bool bulk_stop(struct cx *cx, const struct bulk_row *row);
const char *bulk_gid(struct cx *cx, int64_t id);
const char *bulk_path(struct cx *cx, int64_t id, const char *ending);
bool bulk_head_read(struct cx *cx, int64_t id, struct bulk_head *out);
const char *bulk_status_word(enum bulk_status status);
const char *bulk_error_word(enum bulk_error error); /* NULL: none */
void bulks_write(struct jw *w, const char *name, const struct bulks *b);
void bulks_read(struct bulks *b, struct json in);

/* ---- bulk_check.c: NULL, or what Shopify says of a query */
const char *bulk_check(
    struct run *run, const char *query, const struct plan **plan);

/* ---- bulk_work.c: the process that makes the file */
enum rc bulk_begin(struct run *run, const struct bulk_row *row,
    const struct plan *plan) MUST_USE;

/* ---- bulk_write.c: the file itself; RC_STOPPED when it was to end */
enum rc bulk_write(struct run *run, const struct plan *plan,
    const struct bulk_how *how, struct bulk_head *head, void *file) MUST_USE;

/* ---- bulk_file.c: where it is fetched */
const char *bulk_url(struct cx *cx, int64_t id, int64_t expires_at);

#endif
