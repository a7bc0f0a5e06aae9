/* The handle: a pool of connections, made when they are needed. */
#include <assert.h>

#include "base/clock.h"
#include "io/db_inside.h"
#include "io/task.h"

enum { LIMIT_MS = 3000, OUT_MS = 500 };

static void
conn_init(struct conn *c, struct db *db)
{
	c->db = db;
	c->prepared = ARENA_ARRAY(db->mem, bool, Q_COUNT + 1);
}

static void
conns_new(struct db *db, int max)
{
	assert(max > 0);
	db->max = max;
	db->conns = ARENA_ARRAY(db->mem, struct conn, max);
	for (int i = 0; i < max; i++)
		conn_init(&db->conns[i], db);
}

struct db *
db_open(const char *program, const char *url, const char *user, int max)
{
	struct arena *mem = arena_new();
	struct db *db = ARENA_NEW(mem, struct db);

	db->mem = mem;
	db->program = text_dup(mem, program);
	db->url = text_dup(mem, url);
	db->user = user == NULL ? NULL : text_dup(mem, user);
	db->limit_ms = LIMIT_MS;
	conns_new(db, max);
	conn_init(&db->ear, db);
	return db;
}

struct db *
db_beside(const struct db *db, const char *name)
{
	struct db *other = db_open(db->program, db->url, db->user, 1);

	other->name = text_dup(other->mem, name);
	if (db->password.n > 0)
		db_password(other, db->password);
	return other;
}

void
db_password(struct db *db, struct secret password)
{
	char *p = arena_alloc_secret(db->mem, password.n + 1);

	for (size_t i = 0; i < password.n; i++)
		p[i] = password.p[i];
	p[password.n] = '\0';
	db->password = (struct secret){ p, password.n };
}

void
db_deadline(struct db *db, int64_t ms)
{
	db->limit_ms = ms;
}

void
db_widen(struct db *db, int max)
{
	for (int i = 0; i < db->max; i++)
		assert(db->conns[i].pg == NULL && !db->conns[i].out);
	conns_new(db, max);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (int i = 0; i < db->max; i++) {
		assert(db->conns[i].unit == NULL);
		conn_close(&db->conns[i]);
	}
	conn_close(&db->ear);
	arena_free(db->mem);
}

int64_t
conn_deadline(const struct conn *c)
{
	return c->db->limit_ms == 0 ? -1 : clock_ms() + c->db->limit_ms;
}

struct conn *
conn_of(const struct cx *cx, struct db *db)
{
	for (int i = 0; i < db->max; i++)
		if (db->conns[i].unit == cx->mem)
			return &db->conns[i];
	return NULL;
}

/* One that is connected before one that is not. */
static struct conn *
conn_free(struct db *db)
{
	struct conn *found = NULL;

	for (int i = 0; i < db->max; i++) {
		struct conn *c = &db->conns[i];

		if (!c->out && (found == NULL || found->pg == NULL))
			found = c;
	}
	return found;
}

/*
 * A request is better told after half a second (REL-11). A task, of which many
 * share a few connections, waits as long as it would for an answer.
 */
static int64_t
patience_until(const struct db *db)
{
	if (task_self() == NULL)
		return clock_ms() + OUT_MS;
	return db->limit_ms == 0 ? -1 : clock_ms() + db->limit_ms;
}

/*
 * In turn, where all are taken: what is given back goes to the first in line.
 * Nobody is told to stop meanwhile, for it does not take long, and who has been
 * told may have last words.
 */
static enum rc
conn_take(struct cx *cx, struct db *db, struct conn **out)
{
	struct conn *c = conn_free(db);
	void *gift = c;

	if (c == NULL &&
	    wait_in_line(NULL, &db->line, patience_until(db), &gift) != RC_OK)
		return rc_fail(cx, RC_BUSY,
		    "all %d database connections are taken", db->max);
	*out = gift;
	(*out)->out = true;
	return RC_OK;
}

/*
 * Whether the server hung up while we did nothing (it was restarted, or an
 * administrator ended us): then it has left its word, or the end, to be read.
 * Found before anything is sent, so that nothing can have taken effect.
 */
static bool
conn_gone(struct conn *c)
{
	for (int i = 0; i < 8; i++) {
		if (conn_wait(c, WAIT_READ, 0) != RC_OK)
			return false;
		if (!PQconsumeInput(c->pg))
			return true;
		(void)PQisBusy(c->pg); /* reads what came, a notice mostly */
		if (PQstatus(c->pg) != CONNECTION_OK)
			return true;
	}
	return true;
}

enum rc
conn_borrow(struct cx *cx, struct db *db, struct conn **out)
{
	struct conn *c = NULL;
	enum rc rc = RC_OK;

	TRY(conn_take(cx, db, &c));
	if (c->pg != NULL && conn_gone(c))
		conn_close(c);
	if (c->pg == NULL)
		rc = conn_connect(cx, c);
	if (rc != RC_OK)
		conn_return(c);
	else
		*out = c;
	return rc;
}

void
conn_return(struct conn *c)
{
	c->unit = NULL;
	c->trans = TRANS_NONE;
	if (c->pg != NULL && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
		conn_close(c);
	c->out = wait_call(&c->db->line, c);
}
