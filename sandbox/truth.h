/* A shop's own numbers, counted from its things, not by way of GraphQL. */
#ifndef SANDBOX_TRUTH_H
#define SANDBOX_TRUTH_H

#include "stock.h"

struct truth {
	int64_t n[STOCK_COUNT];
	int64_t net_cents; /* SALE less REFUND, of those that succeeded */
	int64_t captured_cents; /* CAPTURE */
};

struct truth truth_of(const struct shop *shop);

#endif
