/* Whether a document holds against the schema, before anything is run. */
#ifndef SANDBOX_CHECK_H
#define SANDBOX_CHECK_H

#include "doc.h"
#include "problems.h"

/* Adds what is wrong to `problems`, with Shopify's codes: undefinedField,
 * selectionMismatch, argumentNotAccepted and so on. */
void check_document(struct cx *cx, const struct doc *doc, const char *version,
    struct problems *problems);

/* The variables half of it, for one operation: declared, used, of fitting
 * type, also through fragments (check_variables.c). */
void check_variables(struct cx *cx, const struct doc *doc,
    const struct doc_operation *op, const char *version,
    struct problems *problems);

/* "query", "query Name": how an operation begins a path. */
const char *check_operation_name(
    struct arena *mem, const struct doc_operation *op);

#endif
