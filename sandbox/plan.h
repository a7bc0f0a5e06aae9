/* What an operation asks for, once variables, fragments and directives are
 * worked in: the tree that cost and run walk. */
#ifndef SANDBOX_PLAN_H
#define SANDBOX_PLAN_H

#include "doc_value.h"
#include "problems.h"
#include "types.h"

/* A variable or argument with its value. */
struct given {
	const char *name;
	struct literal value;
	const struct given *next;
};

/* Fields asked of an object of one type. */
struct plan {
	const struct type *type;
	const struct plan_field *fields;
	const struct plan *other; /* another type the object may have */
};

struct plan_field {
	const struct type_field *field;
	const char *key; /* in the answer */
	const struct given *args; /* fallbacks filled in */
	const struct plan *inside; /* NULL for a scalar */
	struct place at;
	const struct plan_field *next;
};

/* RC_INPUT: two fields want the same key, or it is all too much; said in
 * `problems`. */
enum rc plan_make(struct cx *cx, const struct doc *doc,
    const struct doc_operation *op, const struct given *variables,
    const char *version, struct problems *problems,
    const struct plan **out) MUST_USE;

/* The plan for an object of type `t`, among those of a field. */
const struct plan *plan_for(const struct plan_field *f, const struct type *t);

/* An argument's value; NULL when neither given nor with a fallback. A null
 * that was written is a literal of kind LIT_NULL. */
const struct literal *plan_arg(const struct plan_field *f, const char *name);
/* The same of one kind: the fallback when absent or null. */
int64_t plan_int(
    const struct plan_field *f, const char *name, int64_t fallback);
const char *plan_text(const struct plan_field *f, const char *name);
bool plan_true(const struct plan_field *f, const char *name);

/* By name in a chain, or NULL. */
const struct literal *given_find(const struct given *g, const char *name);

#endif
