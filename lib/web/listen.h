/* Requests as they come; those that are not whole yet wait aside (REL-14). */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/cx.h"

enum { LISTEN_WAITING = 32 };

/* A connection that holds a request. */
struct arrival {
	int fd; /* the taker closes it */
	int64_t until_ms; /* all of the request must be in by then */
};

struct listener {
	int fd; /* the listening socket, made non-blocking */
	int epoll;
	struct arrival waiting[LISTEN_WAITING]; /* oldest first */
	size_t n_waiting;
};

/* Whether `fd` is a listening socket. */
bool listen_is(int fd);

/* After the fork: each worker its own. RC_BUSY without descriptors. */
enum rc listen_open(struct cx *cx, struct listener *l, int fd) MUST_USE;

/*
 * The next request that is whole, or whose body is late: `until_ms` has passed
 * then. False when a stop was asked or the socket is gone.
 */
bool listen_next(struct cx *cx, struct listener *l, struct arrival *out);

/* After it: those that were accepted already, each until its time is over;
 * false when none is left. New ones go to another worker. */
bool listen_rest(struct cx *cx, struct listener *l, struct arrival *out);

#endif
