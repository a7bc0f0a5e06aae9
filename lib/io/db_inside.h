/* What the files of io/db share. Nobody else includes it, or libpq's header. */
#ifndef IO_DB_INSIDE_H
#define IO_DB_INSIDE_H

#include <libpq-fe.h>

#include "io/db.h"
#include "io/query.h"
#include "io/wait.h"

/* How far a connection's transaction (db_begin) has come. */
enum trans {
	TRANS_NONE,
	TRANS_ASKED, /* nothing was sent: BEGIN goes with the first query */
	TRANS_OPEN,
	TRANS_FAILED /* only a rollback is left; `why` */
};

/* One connection of a pool. */
struct conn {
	struct db *db;
	PGconn *pg; /* NULL: not connected */
	bool *prepared; /* by enum query */
	bool out; /* borrowed */
	const struct arena *unit; /* whose transaction it carries */
	enum trans trans;
	enum rc why;
};

/* The channels that are listened to; the list ends with NULL. */
enum { CHANNELS_MAX = 8 };

struct db {
	struct arena *mem; /* as long as the handle */
	const char *program;
	const char *url;
	const char *user; /* NULL: the URL's */
	const char *name; /* of the database; NULL: the URL's */
	struct secret password;
	int64_t limit_ms; /* of one answer; 0: none */
	int64_t again_ms; /* by clock_ms: connect no sooner */
	bool unwell; /* the last thing it did was not to answer */
	int host; /* of several: the one that was well */
	int max;
	struct conn *conns;
	struct wait_line line; /* of those who found all of them out */
	struct conn ear; /* hears notifications */
	const char *channels[CHANNELS_MAX + 1];
};

/* ---- db_connect.c */

/* Connects `c`, within 2 s; RC_BUSY says why not. */
enum rc conn_connect(struct cx *cx, struct conn *c) MUST_USE;
void conn_close(struct conn *c);
/* RC_OK: ready; RC_BUSY: until_ms has come. */
enum rc conn_wait(struct conn *c, short want, int64_t until_ms) MUST_USE;

/* ---- db.c: the pool */

/* A connection that was well a moment ago; connects when there is none. Where
 * all are out a task stands in line for one. */
enum rc conn_borrow(struct cx *cx, struct db *db, struct conn **out) MUST_USE;
void conn_return(struct conn *c);
/* The one that carries the transaction of cx, or NULL. */
struct conn *conn_of(const struct cx *cx, struct db *db);
/* When an answer that is asked for now must have come; -1: no end. */
int64_t conn_deadline(const struct conn *c);

/* ---- db_turn.c: one round trip of several commands */

enum turn_end {
	TURN_OK,
	TURN_REFUSED, /* the server said an error: see `error` */
	TURN_CLOSED, /* it had ended us before: nothing took effect */
	TURN_LOST, /* the connection broke: anything may have happened */
	TURN_LATE, /* no answer in time: likewise */
	TURN_MORE /* of turn_step alone: not all is there yet */
};

enum { TURN_PREPARES = 2 };

struct turn {
	struct conn *c;
	int64_t until_ms;
	int sent; /* commands so far */
	int at; /* the command that is being answered */
	bool heard; /* something was answered */
	bool broken; /* a command could not be sent */
	bool unsent; /* something is left to be written */
	int prepares; /* which of them prepare a query */
	struct {
		int at;
		enum query query;
	} prepare[TURN_PREPARES];
	PGresult *error; /* the first that was said */
	PGresult *answer; /* of the last command */
};

/* The values of a query as libpq takes them; in the arena. */
struct packed {
	int n;
	const char **values;
	int *lengths;
	int *formats;
};

struct turn turn_new(struct conn *c);
void turn_text(struct turn *t, const char *sql);
/* Whose rows are seen: app.shop_id and app.every_shop (security.md D4). */
void turn_scope(struct turn *t, const struct cx *cx);
/* Prepares it first where this connection has not yet. */
void turn_query(struct turn *t, enum query q, const struct packed *args);
/* Sends, and reads everything; then the connection is ready, or broken. */
enum turn_end turn_run(struct turn *t) MUST_USE;
/* The same without waiting: started, and then taken on whenever the connection
 * can be read, or written while something is unsent. */
void turn_start(struct turn *t);
enum turn_end turn_step(struct turn *t) MUST_USE;
void turn_drop(struct turn *t); /* drops what was not taken out */
/* Its parts: all of it sent; the next result, NULL behind the last of a
 * command; how it ended, where a connection that broke is closed. */
enum turn_end turn_flush(struct turn *t) MUST_USE;
enum turn_end turn_next(struct turn *t, PGresult **res) MUST_USE;
enum turn_end turn_finish(struct turn *t, enum turn_end end) MUST_USE;
/* One text by the simple protocol, of which the answers are dropped. */
enum turn_end turn_script(struct turn *t, const char *sql) MUST_USE;

/* ---- db_args.c */
void args_pack(struct arena *mem, struct args args, struct packed *out);

/* ---- db_rows.c */
/* What rows.res points to. */
struct answer {
	PGresult *pg;
	struct arena *mem;
};
/* Takes `pg` over: it is cleared with the arena. */
struct rows rows_new(struct arena *mem, PGresult *pg);

/* ---- db_fail.c */
/* Notes what became of `what` (a query's name) and gives our code for it. */
enum rc turn_fail(
    struct cx *cx, const char *what, const struct turn *t, enum turn_end end);
/* The code alone; RC_OK only for TURN_OK. */
enum rc turn_code(const struct turn *t, enum turn_end end);
/* Whether a prepared statement had gone, or no longer fits its tables. */
bool turn_stale(const struct turn *t);
/* The first line of what libpq says about the connection itself. */
const char *conn_words(struct arena *mem, const PGconn *pg);

/* ---- db_trans.c */
/* Asks for BEGIN and the scope where they were not sent yet. */
void trans_open(struct turn *t, const struct cx *cx);
/* Notes how the connection's transaction stands after a turn. */
void trans_note(struct conn *c, const struct turn *t, enum turn_end end);

#endif
