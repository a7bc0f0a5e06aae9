/* Postgres: named queries on a handle, each in a transaction with a scope. */
#ifndef IO_DB_H
#define IO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/cx.h"
#include "base/json.h"
#include "base/text.h"
#include "gen/queries.h"

/*
 * A handle on a pool of at most `max` connections to `url` as `user`. It never
 * connects by itself: the first query does, and again after a loss. Made once a
 * process, after fork; lives until db_close. user NULL: as the URL says.
 */
struct db *db_open(
    const char *program, const char *url, const char *user, int max);
void db_password(struct db *db, struct secret password); /* copied */
/* The longest an answer may take, 0 = no end; 3 s unless said. Give it a second
 * more than the role's statement_timeout, which is to be met first (REL-12). */
void db_deadline(struct db *db, int64_t ms);
/* So many connections from now on, of which none is in use: in an io child
 * many tasks share them. */
void db_widen(struct db *db, int max);
void db_close(struct db *db);
/* The database that the URL names, "" when it names none; with the handle. */
const char *db_name(struct db *db);
/* A handle on another database of the same server, as the same user. */
struct db *db_beside(const struct db *db, const char *name);

/* Values of a query. Text form but for bytes; NULL pointers are SQL NULL. */
enum arg_kind {
	ARG_NULL,
	ARG_TEXT,
	ARG_BYTES,
	ARG_INT,
	ARG_REAL,
	ARG_TIME,
	ARG_INTS,
	ARG_TEXTS,
	ARG_BYTESES
};
struct arg {
	enum arg_kind kind;
	const char *p;
	size_t n;
	int64_t i;
	double real;
	const void *list; /* int64_t[], const char *[], struct slice[] */
};
struct arg a_text(const char *text);
struct arg a_int(int64_t value);
struct arg a_bool(bool value);
struct arg a_real(double value);
struct arg a_time(int64_t epoch_s); /* for timestamptz; 0 is NULL */
struct arg a_bytes(struct slice bytes); /* p == NULL is NULL */
struct arg a_null(void);
struct arg a_ints(const int64_t *list, size_t n); /* bigint[] */
struct arg a_texts(const char *const *list, size_t n); /* text[] */
struct arg a_byteses(const struct slice *list, size_t n); /* bytea[] */
struct args {
	size_t n;
	const struct arg *list;
};
#define ARGS(...)                                                              \
	((struct args){                                                        \
	    sizeof((const struct arg[]){ __VA_ARGS__ }) / sizeof(struct arg),  \
	    (const struct arg[]){ __VA_ARGS__ } })
#define NO_ARGS ((struct args){ 0, NULL })

/* An answer; it and what row_* give live as long as the arena. */
struct rows {
	void *res;
	size_t n;
};
struct row {
	const void *res;
	size_t at;
};

/*
 * Run a named query on the database its file belongs to
 * (sql/queries/keyring.sql on cx->keyring, all others on cx->db). Inside
 * db_begin..db_commit it is part of that transaction; outside it is one of its
 * own, one round trip, in which app.shop_id and app.every_shop are set from cx
 * (security.md D4). RC_CONFLICT 23505; RC_BUSY lost, refused, read-only or
 * timed-out database and 40001/40P01; RC_INPUT 22P05 and out-of-range values;
 * RC_BUG the rest. A stop that is asked for does not cut a query short; its
 * deadline ends it.
 */
enum rc db_all(
    struct cx *cx, enum query q, struct args args, struct rows *out) MUST_USE;
/* The first row; RC_ABSENT when there is none (not noted as a failure). */
enum rc db_one(
    struct cx *cx, enum query q, struct args args, struct row *out) MUST_USE;
/* For its effect; *changed (may be NULL) is the number of rows. */
enum rc db_run(
    struct cx *cx, enum query q, struct args args, int64_t *changed) MUST_USE;

/*
 * A query that is sent and not waited for, for who has other things to do
 * meanwhile: a transaction of its own, on a connection of its own. cx and its
 * memory must stay until the answer is taken. RC_BUSY when it cannot be sent.
 */
struct db_sent;
enum rc db_send(struct cx *cx, enum query q, struct args args,
    struct db_sent **out) MUST_USE;
/* Take it when this can be read, or, with *writes, written. */
int db_sent_fd(const struct db_sent *s, bool *writes);
/* The answer; RC_ABSENT: it is not there yet. Any other code is as db_all's,
 * and ends it. */
enum rc db_sent_take(struct db_sent *s, struct rows *out) MUST_USE;
/* Whatever comes of it. */
void db_sent_drop(struct db_sent *s);

/*
 * One transaction on cx->db. It rolls back by itself when the arena empties (or
 * goes back behind its mark) before db_commit. While it is open, waiting for
 * anything but this database asserts.
 */
enum rc db_begin(struct cx *cx) MUST_USE;
enum rc db_commit(struct cx *cx) MUST_USE;
void db_rollback(struct cx *cx); /* no-op when none is open */
bool db_in_transaction(const struct cx *cx);

/*
 * Sends rows to a "COPY ... FROM STDIN" of the named queries, in its text form,
 * inside a transaction that has begun its work. Codes as db_run's.
 */
enum rc db_copy(struct cx *cx, enum query q, struct slice text) MUST_USE;

struct row rows_at(const struct rows *rows, size_t i);
bool row_null(struct row r, int col);
const char *row_text(struct row r, int col); /* NULL for SQL NULL */
int64_t row_int(struct row r, int col); /* 0 for NULL */
double row_real(struct row r, int col);
bool row_bool(struct row r, int col);
struct slice row_bytes(struct row r, int col); /* bytea */
/* A text[] column as a list in the arena. */
size_t row_texts(struct cx *cx, struct row r, int col, const char *const **out);
const char *row_name(struct row r, int col);
int row_cols(struct row r);

/* For jobd: hints from pg_notify on a connection of their own. Called again
 * with a channel that is listened to, it does nothing, or after a loss
 * connects. */
enum rc db_listen(struct cx *cx, const char *channel) MUST_USE;
int db_listen_fd(struct cx *cx); /* -1 while not connected */
/* The next hint that has arrived; false when none. Never blocks. */
bool db_hint(struct cx *cx, const char **channel, const char **payload);

/* Migrations and checks only: any text, several statements, of which none may
 * copy. Inside db_begin..db_commit it is part of that transaction, outside it
 * is one of its own unless the text is a single statement that cannot be in
 * one. */
enum rc db_script(struct cx *cx, const char *sql) MUST_USE;
/* Whether the database answers now: connects when it must. */
enum rc db_ping(struct cx *cx) MUST_USE;

#endif
