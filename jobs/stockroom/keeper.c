/* What comes before migrations: databases, one at a time, and roles. */
#include <getopt.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/conf.h"
#include "io/db.h"
#include "io/wait.h"
#include "keeper.h"

enum { AGAIN_MS = 100 };

static void
keep_open(
    struct keep *at, enum schema which, const char *grants, const char *url)
{
	at->which = which;
	at->grants = grants;
	at->cx = (struct cx){ .mem = arena_new(), .program = "stockroom" };
	at->cx.db = at->cx.keyring = db_open("stockroom", url, NULL, 1);
	db_deadline(at->cx.db, 0); /* an index may take an hour */
}

static void
keep_close(struct keep *at)
{
	arena_free(at->cx.mem);
	db_close(at->cx.db);
}

bool
keeper_open(struct keeper *k, int argc, char **argv)
{
	static const struct option options[] = {
		{ "url", required_argument, NULL, 'u' },
		{ "keyring-url", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	const char *url = conf_text(C_DATABASE_URL);
	const char *keyring_url = conf_text(C_KEYRING_URL);
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'u')
			url = optarg;
		else if (c == 'k')
			keyring_url = optarg;
		else
			return false;
	}
	if (optind != argc)
		return false;
	keep_open(&k->main, SCHEMA_MAIN, grants_sql, url);
	keep_open(&k->keyring, SCHEMA_KEYRING, keyring_grants_sql, keyring_url);
	k->gate = (struct cx){ .mem = arena_new(), .program = "stockroom" };
	k->gate.db = db_open("stockroom", url, NULL, 1);
	return true;
}

void
keeper_close(struct keeper *k)
{
	arena_free(k->gate.mem);
	db_close(k->gate.db);
	keep_close(&k->keyring);
	keep_close(&k->main);
}

enum rc
keeper_blame(struct cx *cx, enum rc rc, const char *what, const struct cx *from)
{
	return rc_fail(cx, rc, "%s: %s", what,
	    from->fault.sentence ? from->fault.sentence : rc_row(rc)->title);
}

/* The server's own database is there to stand on while ours is made. */
static enum rc
create(struct cx *cx, const char *name)
{
	struct row row;

	if (db_one(cx, Q_DATABASE_FIND, ARGS(a_text(name)), &row) == RC_OK)
		return RC_OK;
	TRY(db_one(cx, Q_DATABASE_TEXT, ARGS(a_text(name)), &row));
	TRY(db_script(cx, row_text(row, 0)));
	(void)printf("made database %s\n", name);
	return RC_OK;
}

static enum rc
create_beside(struct cx *cx, struct keep *at, const char *name)
{
	struct cx beside = { .mem = arena_new(), .program = "stockroom" };
	enum rc rc;

	beside.db = db_beside(at->cx.db, "postgres");
	rc = create(&beside, name);
	if (rc != RC_OK)
		rc = keeper_blame(cx, rc, "making the database", &beside);
	arena_free(beside.mem);
	db_close(beside.db);
	return rc;
}

/*
 * Only where ours does not answer, for the superuser may not be let into the
 * other. Whoever else made it meanwhile did it for us: hence the second try.
 */
static enum rc
database_make(struct cx *cx, struct keep *at)
{
	const char *name = db_name(at->cx.db);
	enum rc made = RC_OK;
	enum rc rc;

	if (db_ping(&at->cx) == RC_OK)
		return RC_OK;
	if (*name != '\0')
		made = create_beside(cx, at, name);
	rc_forget(&at->cx);
	rc = db_ping(&at->cx);
	if (rc == RC_OK && made != RC_OK)
		rc_forget(cx);
	return rc == RC_OK ? rc : keeper_blame(cx, rc, "database", &at->cx);
}

/* The lock lasts as long as the gate's connection, which does nothing else. */
static enum rc
gate_pass(struct cx *gate)
{
	struct row row;

	for (;;) {
		TRY(db_one(gate, Q_MIGRATION_LOCK, NO_ARGS, &row));
		if (row_bool(row, 0))
			return RC_OK;
		arena_empty(gate->mem);
		TRY(wait_until(gate, clock_ms() + AGAIN_MS));
	}
}

enum rc
keeper_script(struct cx *cx, struct keep *at, const char *file, const char *sql)
{
	enum rc rc = db_begin(&at->cx);

	if (rc == RC_OK)
		rc = db_script(&at->cx, sql);
	if (rc == RC_OK)
		rc = db_commit(&at->cx);
	db_rollback(&at->cx);
	return rc == RC_OK ? rc : keeper_blame(cx, rc, file, &at->cx);
}

enum rc
keeper_start(struct cx *cx, struct keeper *k)
{
	enum rc rc;

	TRY(database_make(cx, &k->main));
	rc = gate_pass(&k->gate);
	if (rc != RC_OK)
		return keeper_blame(cx, rc, "database", &k->gate);
	return database_make(cx, &k->keyring);
}

enum rc
keeper_roles(struct cx *cx, struct keeper *k)
{
	TRY(keeper_script(cx, &k->main, "sql/roles.sql", roles_sql));
	return keeper_script(cx, &k->keyring, "sql/roles.sql", roles_sql);
}
