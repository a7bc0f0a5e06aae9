/* From Shopify's JSON to a record of one of our tables, by a table of fields.
 * One mapper a type: pulls, re-reads and bulk files all go through it. */
#ifndef APP_MAP_H
#define APP_MAP_H

#include "base/json.h"
#include "store/keyring.h"

enum map_how {
	MAP_TEXT, /* text, a time, an amount: as Shopify wrote it */
	MAP_INT,
	MAP_BOOL,
	MAP_GID, /* gid://shopify/Type/1 -> 1 */
	MAP_JSON /* lists and objects, whole */
};

enum map_where {
	TO_COLUMN, /* a column of that name */
	TO_DOC, /* a member of column doc */
	TO_SEALED /* a member of what is sealed: personal (design.md 5) */
};

struct map_field {
	const char *name; /* the column or member */
	const char *path; /* in Shopify's object */
	enum map_how how;
	enum map_where where;
};

struct map {
	const char *table;
	const struct map_field *fields; /* ended by a NULL name */
};

/* A row as it was, for a record whose object does not say all. */
struct map_before {
	struct json row; /* its columns; node NULL: there was none */
	struct json sealed; /* opened; node NULL: nothing was, or nobody can */
};

/* What a record needs that its own object does not say. */
struct map_owner {
	const struct keys *keys; /* NULL: nothing of it is sealed */
	struct subject subject; /* whose key seals it */
	const struct blob_key *key; /* that key, or NULL: to be derived */
	bool subject_columns; /* the table says whose key it was */
	const char *parent_column; /* NULL: it hangs on nothing */
	int64_t parent_id;
	const char *parent_updated_at; /* NULL: not compared */
	/* What the object says nothing of stays as it was; NULL: it is whole,
	 * what it does not say is null. */
	const struct map_before *before;
};

/*
 * Writes the record into `w`, a list; *id is Shopify's number. RC_REMOTE when
 * the object has no id. A subject that was forgotten leaves nothing sealed.
 */
enum rc map_record(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, struct jw *w, int64_t *id) MUST_USE;

/*
 * The same as a line of COPY's text form, into `out`: id, the parent's id where
 * it has a parent, the columns in the map's order, doc, whose key it was where
 * the table says so, what is sealed (base64) where the table has that, and the
 * parent's updated_at where that is compared (sql/queries, "copied").
 */
enum rc map_row(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, struct buf *out, int64_t *id) MUST_USE;

/* Their parts: Shopify's number; what is personal, sealed (p NULL: nothing is,
 * or its subject was forgotten); the members of doc. */
enum rc map_id(struct cx *cx, const struct map *map, struct json object,
    int64_t *id) MUST_USE;
enum rc map_sealed(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, int64_t id, struct slice *out) MUST_USE;
void map_doc(struct jw *w, const struct map *map, struct json object);

/* The tables of fields, of lib/shopify/graphql/fields. */
extern const struct map map_product, map_variant, map_customer, map_order,
    map_order_line, map_order_transaction, map_refund, map_refund_line;

#endif
