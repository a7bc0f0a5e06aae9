/*
 * Queries of a test's own, in the places of the program's: a test that uses
 * these defines query_texts itself, before the library's is looked for.
 */
#ifndef TEST_DB_SLOTS_H
#define TEST_DB_SLOTS_H

#include "io/query.h"

/* The n-th place; 0 is the scope's, which every query needs. */
#define SLOT(n) ((enum query)((Q_SCOPE_SET + (n)) % Q_COUNT))

#define QUERY(name, text)                                                      \
	{                                                                      \
		(name), (text), QUERY_MAIN                                     \
	}
#define SCOPE_QUERY                                                            \
	QUERY("scope_set", "SELECT set_config('app.shop_id', $1, true), "      \
			   "set_config('app.every_shop', $2, true)")

#endif
