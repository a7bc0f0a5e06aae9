/* Migrations: those this program was built with, and those a database has. */
#ifndef STORE_MIGRATION_H
#define STORE_MIGRATION_H

#include <stdbool.h>

#include "base/cx.h"
#include "gen/migrations.h"

/* Two databases have migrations, each its own list. */
enum schema { SCHEMA_MAIN, SCHEMA_KEYRING };

/* How a database stands to this program; in the arena. */
struct migration_state {
	int known; /* in this program */
	int applied; /* of those, in the database */
	bool listed; /* the database has a list: 0001 has run */
	const char *changed; /* a file that is not as it was when it ran */
	const char *newer; /* one the database has and this program does not */
	const bool *has; /* by place in migration_table() */
};

/* Ended by a row whose name is NULL. */
const struct migration *migration_table(enum schema which);
/* "sql/migrations/0002_shop.sql": how people know it; in the arena. */
const char *migration_file(
    struct arena *mem, enum schema which, const struct migration *m);

/* Reads the list on cx->db or cx->keyring. After crypt_start. */
enum rc migration_load(
    struct cx *cx, enum schema which, struct migration_state *out) MUST_USE;

/* How many the main database has had, and how many this program knows. */
enum rc migration_count(
    struct cx *cx, int64_t *applied, int64_t *known) MUST_USE;

/* Notes that `m` has run; RC_CONFLICT when it is noted. */
enum rc migration_put(
    struct cx *cx, enum schema which, const struct migration *m) MUST_USE;

#endif
