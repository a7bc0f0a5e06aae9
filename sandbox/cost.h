/* Points: what a query asks for and what it took (docs/sandbox.md). */
#ifndef SANDBOX_COST_H
#define SANDBOX_COST_H

#include "plan.h"

enum { COST_MAX = 1000, COST_MUTATION = 10 };

/* A list of n objects weighs 1 + 1.38 log2 n, not n; nothing when empty. */
double cost_weight(int64_t n);

/* What the plan asks for, before it is run. */
int64_t cost_asked(const struct plan *plan);

/* A sum as the answer shows it. */
int64_t cost_round(double points);

#endif
