/* What the files of lib/io/redis share. */
#ifndef IO_REDIS_IN_H
#define IO_REDIS_IN_H

#include <hiredis/hiredis.h>

#include "io/redis.h"

/* CACHE_URL, taken apart; made once a process. */
struct redis_place {
	const char *host; /* NULL: a socket's path */
	const char *port;
	const char *path;
	const char *user; /* or NULL */
	const char *base; /* the database's number, or NULL */
	const char *password; /* or NULL */
};

/* redis://[USER@]HOST[:PORT][/NUMBER] or unix:///PATH; RC_INPUT when neither.
 * Texts are made in `mem` or are the URL's. */
enum rc redis_place_read(struct cx *cx, struct arena *mem, const char *url,
    struct redis_place *out) MUST_USE;

/* A connection; fd -1 when there is none. */
struct redis_conn {
	int fd;
	redisReader *reader;
	bool taken; /* by a task whose answer is on its way */
};

/* Connects, says who we are, chooses the database. RC_BUSY. */
enum rc redis_connect(struct cx *cx, const struct redis_place *place,
    struct redis_conn *c, int64_t until_ms) MUST_USE;
void redis_close(struct redis_conn *c);

/* Sends the words and takes the answer; RC_BUSY when that did not succeed by
 * `until_ms`, and the connection is of no more use. */
enum rc redis_turn(struct cx *cx, struct redis_conn *c,
    const struct slice *words, size_t n, int64_t until_ms,
    struct redis_said *out) MUST_USE;

#endif
