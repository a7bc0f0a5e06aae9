/* Some lines of a bulk file: read, joined to their parents, sealed, kept. */
#ifndef APP_BULK_CHUNK_H
#define APP_BULK_CHUNK_H

#include "app/resources.h"
#include "store/bulk.h"

/* Whose file it is, for as long as it is read. */
struct bulk_source {
	const struct shop *shop;
	const struct resource *resource;
	struct bulk_part *part;
	const struct keys *keys; /* the shop's, without salts */
};

/* A line that was read. */
struct bulk_line {
	struct json object;
	struct slice text;
	int64_t at; /* where in the file it begins */
	int64_t id;
	int64_t parent; /* 0: it is a root */
};

struct bulk_chunk {
	const struct bulk_source *source;
	struct keys keys; /* with the salts of these */
	struct bulk_line *lines;
	size_t n;
	int64_t roots;
	bool late; /* lines that waited for their parent: none waits again */

	struct bulk_parent *parents; /* by number */
	size_t n_parents;

	struct buf rows[IN_TABLES]; /* COPY's text form */
	int64_t n_rows[IN_TABLES];
	struct bulk_left early; /* children whose parent has not come */
	int64_t *refunds, *shorts; /* to be looked into when all is read */
	size_t n_refunds, n_shorts;
	size_t n_orphans; /* children whose parent is not there at all */
};

/*
 * Reads lines that begin at byte `at`, and all they need of the database and
 * the keyring; no transaction may be open. RC_REMOTE names the byte of a line
 * that is wrong.
 */
enum rc bulk_chunk_read(struct cx *cx, const struct bulk_source *source,
    struct slice lines, int64_t at, struct bulk_chunk *out) MUST_USE;

/* The same of children that came before their parents, now that all came. */
enum rc bulk_chunk_late(struct cx *cx, const struct bulk_source *source,
    const struct bulk_left *late, struct bulk_chunk *out) MUST_USE;

/* Writes all of it, inside the caller's transaction. */
enum rc bulk_chunk_save(struct cx *cx, const struct bulk_chunk *chunk) MUST_USE;

/* {"variants": 12}: what is in it besides its roots, by kind. */
enum rc bulk_chunk_children(
    struct cx *cx, const struct bulk_chunk *chunk, const char **out) MUST_USE;

#endif
