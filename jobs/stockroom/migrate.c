/*
 * stockroom migrate: bring both databases up to date (REL-18).
 *
 * Safe to kill at any point and to run twice: each migration and the note that
 * it has run are one transaction. Safe to run by two at once: one waits at the
 * gate; and should the gate's connection be lost, the note, which comes first,
 * holds up the other until this one commits.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "io/crypt.h"
#include "io/db.h"
#include "keeper.h"

/* What a migration says that cannot run in a transaction: it holds a single
 * statement, which does no harm when it runs again. */
static const char outside[] = "-- outside a transaction\n";

/* Where a database's migrations have come to; goes with the run. */
struct run {
	struct cx *cx; /* failures are noted here */
	struct keep *at;
	const struct migration *table;
	struct migration_state state;
	int applied;
};

/* Both lists are read before anything is changed. */
static enum rc
run_new(struct cx *cx, struct keep *at, struct run *run)
{
	enum rc rc;

	*run = (struct run){ .cx = cx, .at = at };
	run->table = migration_table(at->which);
	rc = migration_load(&at->cx, at->which, &run->state);
	if (rc != RC_OK)
		return keeper_blame(cx, rc, "migrations", &at->cx);
	if (run->state.changed != NULL)
		return rc_fail(cx, RC_CONFLICT,
		    "%s is not as it was when it ran; a migration is never "
		    "edited, write another",
		    run->state.changed);
	if (run->state.newer != NULL)
		return rc_fail(cx, RC_CONFLICT,
		    "the database has migration %s, which this program does "
		    "not know: a newer one has been here",
		    run->state.newer);
	return RC_OK;
}

static enum rc
owner(struct cx *cx, bool in_transaction)
{
	return db_run(
	    cx, Q_MIGRATION_OWNER, ARGS(a_bool(in_transaction)), NULL);
}

/* The list itself is made by the first, so that one is noted last. */
static enum rc
apply_inside(struct run *run, const struct migration *m)
{
	struct cx *cx = &run->at->cx;
	bool listed = run->state.listed;

	TRY(db_begin(cx));
	if (listed)
		TRY(migration_put(cx, run->at->which, m));
	TRY(owner(cx, true));
	TRY(db_script(cx, m->text));
	if (!listed)
		TRY(migration_put(cx, run->at->which, m));
	return db_commit(cx);
}

static enum rc
apply_outside(struct run *run, const struct migration *m)
{
	struct cx *cx = &run->at->cx;

	TRY(owner(cx, false));
	TRY(db_script(cx, m->text));
	TRY(db_run(cx, Q_MIGRATION_OWNER_END, NO_ARGS, NULL));
	return migration_put(cx, run->at->which, m);
}

/* Whether somebody else has run it, whatever became of our try. */
static bool
is_there(struct run *run, int place)
{
	struct cx *cx = &run->at->cx;
	struct migration_state now;

	if (migration_load(cx, run->at->which, &now) != RC_OK)
		return false;
	return now.has[place];
}

static enum rc
apply(struct run *run, int place)
{
	const struct migration *m = &run->table[place];
	struct cx *cx = &run->at->cx;
	const char *file = migration_file(cx->mem, run->at->which, m);
	enum rc rc = strstr(m->text, outside) != NULL ? apply_outside(run, m)
						      : apply_inside(run, m);

	db_rollback(cx);
	if (rc != RC_OK && !is_there(run, place))
		return keeper_blame(run->cx, rc, file, cx);
	rc_forget(cx);
	run->state.listed = true;
	if (rc != RC_OK)
		return RC_OK;
	run->applied++;
	(void)printf("applied %s\n", file);
	(void)fflush(stdout);
	return RC_OK;
}

static enum rc
run_all(struct run *run)
{
	for (int i = 0; run->table[i].name != NULL; i++)
		if (!run->state.has[i])
			TRY(apply(run, i));
	return RC_OK;
}

static enum rc
grant(struct cx *cx, struct keeper *k)
{
	TRY(keeper_script(cx, &k->main, "sql/grants.sql", k->main.grants));
	return keeper_script(
	    cx, &k->keyring, "sql/keyring/grants.sql", k->keyring.grants);
}

static enum rc
migrate(struct cx *cx, struct keeper *k)
{
	struct run main_run;
	struct run keyring_run;

	TRY(crypt_start(cx));
	TRY(keeper_start(cx, k));
	TRY(run_new(cx, &k->main, &main_run));
	TRY(run_new(cx, &k->keyring, &keyring_run));
	TRY(keeper_roles(cx, k));
	TRY(run_all(&main_run));
	TRY(run_all(&keyring_run));
	TRY(grant(cx, k));
	(void)printf("migrations: %d applied, %d known\n",
	    main_run.applied + keyring_run.applied,
	    main_run.state.known + keyring_run.state.known);
	return RC_OK;
}

int
migrate_command(struct cx *cx, int argc, char **argv)
{
	struct keeper k;
	enum rc rc;

	if (!keeper_open(&k, argc, argv))
		return command_misused("migrate");
	rc = migrate(cx, &k);
	keeper_close(&k);
	return rc == RC_OK ? 0 : command_failed(cx);
}
