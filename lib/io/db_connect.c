/* Connecting, without blocking, to the first of the hosts that takes us. */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "io/db_inside.h"
#include "io/wait.h"

/*
 * REL-12 gives a connection 2 s. REL-6 wants an answer within 1 s while the
 * database is down: so once it was found not to answer, the next ones wait
 * less, until one is answered.
 */
enum { CONNECT_MS = 2000, UNWELL_MS = 800, HOST_MS = 300 };

/* After a failure the next try waits a moment, each process another one. */
enum { AGAIN_MS = 20, AGAIN_SPREAD_MS = 130 };

/* libpq knows some forty; the ends of both lists are NULL. */
enum { PARAMS_MAX = 80 };
struct params {
	int n;
	const char *names[PARAMS_MAX + 1];
	const char *values[PARAMS_MAX + 1];
};

/* What holds unless the URL says otherwise (dependencies.md 1). */
static const char *const defaults[][2] = {
	{ "connect_timeout", "2" },
	{ "keepalives_idle", "30" },
	{ "tcp_user_timeout", "5000" },
	{ "target_session_attrs", "read-write" },
	{ "gssencmode", "disable" },
	{ "client_encoding", "UTF8" },
};

static void
param(struct params *p, const char *name, const char *value)
{
	if (value == NULL)
		return;
	assert(p->n < PARAMS_MAX);
	p->names[p->n] = name;
	p->values[p->n] = value;
	p->n++;
}

static bool
is_one_of_ours(const struct db *db, const char *name)
{
	return text_same(name, "application_name") ||
	       (db->user != NULL && text_same(name, "user")) ||
	       (db->name != NULL && text_same(name, "dbname")) ||
	       (db->password.n > 0 && text_same(name, "password"));
}

/* "a,b,c" at 1 is "b"; a list of one is for all. */
static const char *
part_of(struct arena *mem, const char *list, int at)
{
	struct slice rest = slice_of(list);
	struct slice part;
	int n = 0;

	if (strchr(list, ',') == NULL)
		return list;
	while (text_next(&rest, ',', &part))
		if (n++ == at)
			return text_of(mem, part);
	return "";
}

/*
 * The hosts are tried one by one, each with its share of the time: libpq
 * would stay with one that does not answer until the kernel gives it up.
 */
static bool
is_per_host(const char *name)
{
	return text_same(name, "host") || text_same(name, "hostaddr") ||
	       text_same(name, "port");
}

static int
hosts_of(const PQconninfoOption *options)
{
	int most = 1;

	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		int n = 1;

		if (o->val == NULL || !is_per_host(o->keyword))
			continue;
		for (const char *p = o->val; *p != '\0'; p++)
			n += *p == ',';
		most = n > most ? n : most;
	}
	return most;
}

static void
params_of(struct arena *mem, const struct db *db,
    const PQconninfoOption *options, int host, struct params *p)
{
	const PQconninfoOption *o;

	param(p, "user", db->user);
	param(p, "dbname", db->name);
	param(p, "application_name", db->program);
	if (db->password.n > 0)
		param(p, "password", db->password.p);
	for (o = options; o->keyword != NULL; o++) {
		if (o->val == NULL || is_one_of_ours(db, o->keyword))
			continue;
		param(p, o->keyword,
		    is_per_host(o->keyword) ? part_of(mem, o->val, host)
					    : o->val);
	}
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		for (o = options; o->keyword != NULL; o++)
			if (text_same(o->keyword, defaults[i][0]))
				break;
		if (o->keyword != NULL && o->val == NULL)
			param(p, defaults[i][0], defaults[i][1]);
	}
}

enum rc
conn_wait(struct conn *c, short want, int64_t until_ms)
{
	struct wait_fd fd = {
		.fd = PQsocket(c->pg),
		.want = (short)(want | WAIT_OURS),
	};

	if (fd.fd < 0) /* broken: whoever reads next finds out */
		return RC_OK;
	return wait_any(NULL, &fd, 1, until_ms);
}

/* True once connected; false when refused or late, `c->pg` says which. */
static bool
conn_poll(struct conn *c, int64_t until_ms, bool *late)
{
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	*late = false;
	if (PQstatus(c->pg) == CONNECTION_BAD)
		return false;
	while (want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED) {
		short on =
		    want == PGRES_POLLING_READING ? WAIT_READ : WAIT_WRITE;

		if (conn_wait(c, on, until_ms) != RC_OK) {
			*late = true;
			return false;
		}
		want = PQconnectPoll(c->pg);
	}
	return want == PGRES_POLLING_OK;
}

/* Notices are for people at a terminal, and would go to stderr. */
static void
drop_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static bool
connect_host(struct cx *cx, struct conn *c, const PQconninfoOption *options,
    int host, int64_t ms, bool *late)
{
	struct params p = { 0 };

	params_of(cx->mem, c->db, options, host, &p);
	c->pg = PQconnectStartParams(p.names, p.values, 0);
	if (c->pg == NULL)
		return false;
	(void)PQsetNoticeReceiver(c->pg, drop_notice, NULL);
	return conn_poll(c, clock_ms() + ms, late) &&
	       PQsetnonblocking(c->pg, 1) == 0;
}

static enum rc
refused(struct cx *cx, struct conn *c, int64_t ms, bool late)
{
	struct db *db = c->db;

	/* The microsecond is as good as a die, and another in each process. */
	db->again_ms = clock_ms() + AGAIN_MS + clock_us() % AGAIN_SPREAD_MS;
	if (late)
		db->unwell = true;
	if (cx->retry_after_ms == 0)
		cx->retry_after_ms = 1000;
	if (late)
		return rc_fail(cx, RC_BUSY,
		    "the database did not take a connection within %d ms",
		    (int)ms);
	return rc_fail(cx, RC_BUSY, "the database took no connection: %s",
	    c->pg == NULL ? "no memory" : conn_words(cx->mem, c->pg));
}

/* A handle whose answers must come sooner does not connect for longer. */
static int64_t
patience_ms(const struct db *db)
{
	const int64_t ms = db->unwell ? UNWELL_MS : CONNECT_MS;

	return db->limit_ms > 0 && db->limit_ms < ms ? db->limit_ms : ms;
}

static enum rc
connect_any(struct cx *cx, struct conn *c, const PQconninfoOption *options)
{
	struct db *db = c->db;
	int hosts = hosts_of(options);
	int64_t ms = patience_ms(db) / hosts;
	bool late = false;

	ms = ms < HOST_MS ? HOST_MS : ms;
	for (int i = 0; i < hosts; i++) {
		int host = (db->host + i) % hosts;

		conn_close(c);
		if (!connect_host(cx, c, options, host, ms, &late))
			continue;
		db->host = host;
		db->unwell = false;
		return RC_OK;
	}
	(void)refused(cx, c, ms * hosts, late);
	conn_close(c);
	return RC_BUSY;
}

const char *
db_name(struct db *db)
{
	PQconninfoOption *options = PQconninfoParse(db->url, NULL);
	const char *name = "";

	for (PQconninfoOption *o = options; o && o->keyword; o++)
		if (o->val != NULL && text_same(o->keyword, "dbname"))
			name = text_dup(db->mem, o->val);
	PQconninfoFree(options);
	return name;
}

static void
rest_until(int64_t until_ms)
{
	while (clock_ms() < until_ms)
		if (wait_any(NULL, NULL, 0, until_ms) != RC_BUSY)
			break;
}

enum rc
conn_connect(struct cx *cx, struct conn *c)
{
	PQconninfoOption *options = PQconninfoParse(c->db->url, NULL);
	enum rc rc;

	if (options == NULL) /* its words would show what it could not read */
		return rc_fail(cx, RC_BUG, "the database's URL cannot be read");
	rest_until(c->db->again_ms);
	rc = connect_any(cx, c, options);
	PQconninfoFree(options);
	return rc;
}

void
conn_close(struct conn *c)
{
	PQfinish(c->pg);
	c->pg = NULL;
	memset(c->prepared, 0, (Q_COUNT + 1) * sizeof(*c->prepared));
}
