/* Values of a document, and variables in the same form. */
#ifndef SANDBOX_DOC_VALUE_H
#define SANDBOX_DOC_VALUE_H

#include "base/json.h"
#include "doc.h"

/* The value at the current token; `fixed`: variables are not allowed. */
enum rc value_read(
    struct lex *l, bool fixed, int depth, struct literal *out) MUST_USE;

/* A value of JSON as a literal, in `mem`; text for what may be a word too. */
struct literal value_of_json(struct arena *mem, struct json j);

/* As JSON or, with `graphql`, as a document would write it. */
const char *value_text(
    struct arena *mem, const struct literal *v, bool graphql);

/* The member `name` of an object, or NULL. */
const struct literal *value_member(
    const struct literal *object, const char *name);

#endif
