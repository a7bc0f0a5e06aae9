/* Bulk operations as Shopify tells of them (shopify.md 5). */
#ifndef SHOPIFY_BULK_H
#define SHOPIFY_BULK_H

#include "base/json.h"
#include "gen/graphql.h"

enum bulk_is {
	BULK_GOES_ON, /* CREATED, RUNNING, CANCELING, and words not known yet */
	BULK_IS_DONE, /* COMPLETED */
	BULK_HAS_BROKEN /* FAILED, CANCELED, EXPIRED: it gives no more */
};

struct bulk_op {
	const char *id;
	const char *status; /* Shopify's word */
	enum bulk_is is;
	const char *error; /* Shopify's word, or NULL */
	int64_t objects, roots; /* lines, and those without a parent */
	int64_t bytes; /* of the file; -1: not said */
	const char *url; /* NULL: there are no rows, or it is not over */
	const char *partial_url; /* what a broken one had until then, or NULL */
};

/* Out of an answer's bulkOperation; RC_REMOTE when it is none. */
enum rc bulk_op_read(
    struct cx *cx, struct json op, struct bulk_op *out) MUST_USE;

/* A document of bulk/ with only what was changed since then (RFC 3339, NULL:
 * all): its filter is part of the text, for a bulk query has no variables. */
enum rc bulk_text(struct cx *cx, enum gql_doc doc, const char *since,
    const char **out) MUST_USE;

/* The variables of bulk_run: {"query": text}. */
enum rc bulk_run_variables(
    struct cx *cx, const char *text, struct slice *out) MUST_USE;
/* The operation of bulk_run's answer. RC_LIMITED: too many at once;
 * RC_BUG: the document cannot run in bulk, in Shopify's words. */
enum rc bulk_run_read(
    struct cx *cx, struct json data, struct bulk_op *out) MUST_USE;

#endif
