/* Lists that a page could not hold are read on, by the object's id. */
#ifndef APP_REREAD_H
#define APP_REREAD_H

#include "app/intake.h"
#include "gen/graphql.h"

/* What to do with each further list of nodes. */
typedef enum rc reread_fn(
    struct cx *cx, struct intake *in, struct json nodes, void *arg);

/*
 * Reads a connection on from `after` (NULL: from its start) until it ends.
 * `path` is where the connection lies in the answer ("order.lineItems").
 */
enum rc reread_connection(struct cx *cx, struct intake *in, enum gql_doc doc,
    const char *id, const char *path, const char *after, reread_fn *each,
    void *arg) MUST_USE;

/* Reads a plain list whole, `first` of it ("order.transactions"). */
enum rc reread_list(struct cx *cx, struct intake *in, enum gql_doc doc,
    const char *id, const char *path, int64_t first, reread_fn *each,
    void *arg) MUST_USE;

#endif
