/* The variables of a request: given, coerced, fallbacks filled in. */
#ifndef SANDBOX_VARIABLES_H
#define SANDBOX_VARIABLES_H

#include "plan.h"

/* `in` is the request's `variables` (null will do). RC_INPUT: one of them is
 * not of its type, said in `problems` with code INVALID_VARIABLE. */
enum rc variables_read(struct cx *cx, const struct doc_operation *op,
    struct json in, struct problems *problems,
    const struct given **out) MUST_USE;

#endif
