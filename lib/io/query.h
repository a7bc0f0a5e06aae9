/* The texts of sql/queries, which the build embeds under their names. */
#ifndef IO_QUERY_H
#define IO_QUERY_H

#include "gen/queries.h"

/* Which database a query is for: the shops' data, or their keys. */
enum query_database { QUERY_MAIN, QUERY_KEYRING };

/* One named query, alive as long as the program. */
struct query_text {
	const char *name; /* as behind "-- name:" */
	const char *text; /* one statement, without its comment and semicolon */
	enum query_database database;
};

/* By enum query; the row behind the last is all NULL. */
extern const struct query_text query_texts[];

#endif
