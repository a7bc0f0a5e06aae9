/*
 * The ingest shape (design.md 2): for programs that the internet calls all the
 * time. One poll loop takes every connection and reads FastCGI records itself,
 * within bounds; N threads check and seal; one committer keeps a batch with one
 * statement; nobody is answered before their commit.
 */
#ifndef WEB_INGEST_H
#define WEB_INGEST_H

#include "web/route.h"

enum {
	/* Writable bytes before and behind a body: it is sealed in place. */
	INGEST_BEFORE = 96,
	INGEST_AFTER = 32,
	/* What `start` gives db_deadline: a sender is told within a second
	 * (REL-6). */
	INGEST_KEEP_MS = 800
};

/*
 * A request, whole and within SEC-26: its headers, path, method and query are
 * checked as serve's are. What the check makes of it stands below. Lives until
 * it is answered.
 */
struct ingest_item {
	const struct req *rq; /* path, address, req_header(rq, ...) */
	const struct route *route;
	const char *trace; /* our request id; cx->trace in the check */
	struct arena *mem; /* the request's own; cx->mem in the check */
	char *body; /* its own bytes: may be changed, see INGEST_BEFORE */
	size_t n_body;
	const void *shared; /* what ingest_share gave last; in the check only */
	/* What `signs` took out of the request, for req_variable; or NULL. */
	char *const *doubled;
	/* For headers of the answer's own (reply_header), whatever it is. */
	struct reply *reply;

	/* 0: keep it, then answer route->status without a body. Else this
	 * status, without a body, at once. */
	int status;
	const char *reason; /* a word, counted with a refusal; NULL: rc's */
	struct slice key; /* what makes it single in a batch; p NULL: nothing */
	size_t bytes; /* what it adds to a batch; at least 1 */
	void *record; /* the program's own, for keep */
};

struct ingest {
	const char *name;
	/* As serve's, but without handlers, shapes, callers and rates: method,
	 * path, status and summary count. A body is read where `body` is
	 * any_body. */
	const struct route *routes;
	size_t max_body; /* bytes; past it 413 */
	/*
	 * CGI names that begin so carry who is calling ("HTTP_X_SHOPIFY_"):
	 * one that came twice or holds a comma is as one that did not come
	 * (SEC-9), but for item.doubled. Ended by NULL; NULL: none.
	 */
	const char *const *signs;

	/* Once a process, before its threads: opens what keep needs, without
	 * asking it. cx->db set here is keep's, probe's and tick's. */
	enum rc (*start)(struct cx *cx);
	/* Closes what that opened, or as much of it as there is. */
	void (*stop)(struct cx *cx);
	/*
	 * On one of several threads, without a database: fills the item. What
	 * is not RC_OK is answered as serve answers it (problem+json).
	 */
	enum rc (*check)(struct cx *cx, struct ingest_item *item);
	/*
	 * On the committer: keeps all of them in one statement, which is one
	 * transaction. RC_OK: committed. RC_BUSY: all are told to come back,
	 * and probe decides when keep is asked again. Anything else: the same
	 * is asked of ever fewer of them, and of one its own code is answered.
	 * cx is empty each time.
	 */
	enum rc (*keep)(struct cx *cx, struct ingest_item **items, size_t n);
	/* On the committer, after a RC_BUSY: RC_OK when it is well (db_ping).
	 * Meanwhile requests are answered 503 without it. */
	enum rc (*probe)(struct cx *cx);
	/* On the committer: before the first check, and every second while all
	 * is well. RC_BUSY is as keep's; anything else is logged. May be NULL.
	 */
	enum rc (*tick)(struct cx *cx);
};

/*
 * From start or tick: what the checks look into from now on (keys, shops).
 * The one before ends by `end` once no check looks into it any more.
 */
void ingest_share(void *shared, void (*end)(void *));

/*
 * main() of an ingest program, as serve: descriptor 0 a listening socket =
 * FastCGI, else one CGI request by the same functions; -t, -f and -r.
 */
int ingest_serve(int argc, char **argv, const struct ingest *program);

#endif
