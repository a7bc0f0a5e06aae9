/* One connection to Redis: connecting, and one command's way there and back. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/redis_in.h"
#include "io/wait.h"

/* What we ever put there is far smaller. */
enum { ANSWER_MAX_BYTES = 16 << 20, READ_BYTES = 16 << 10 };

void
redis_close(struct redis_conn *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	if (c->reader != NULL)
		redisReaderFree(c->reader);
	*c = (struct redis_conn){ .fd = -1 };
}

static enum rc
ready(struct cx *cx, int fd, short want, int64_t until_ms)
{
	struct wait_fd w = { .fd = fd, .want = want };

	return wait_any(cx, &w, 1, until_ms) == RC_OK ? RC_OK : RC_BUSY;
}

/* ---- connecting */

static enum rc
connect_to(struct cx *cx, const struct sockaddr *to, socklen_t len,
    int64_t until_ms, int *out)
{
	int fault = 0;
	socklen_t n = sizeof(fault);

	*out = socket(
	    to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*out < 0)
		return RC_BUSY;
	if (connect(*out, to, len) == 0)
		return RC_OK;
	if (errno == EINPROGRESS &&
	    ready(cx, *out, WAIT_WRITE, until_ms) == RC_OK &&
	    getsockopt(*out, SOL_SOCKET, SO_ERROR, &fault, &n) == 0 &&
	    fault == 0)
		return RC_OK;
	(void)close(*out);
	*out = -1;
	return RC_BUSY;
}

static enum rc
connect_path(struct cx *cx, const char *path, int64_t until_ms, int *out)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(to.sun_path))
		return RC_BUSY;
	memcpy(to.sun_path, path, strlen(path) + 1);
	return connect_to(
	    cx, (const struct sockaddr *)&to, sizeof(to), until_ms, out);
}

/* The first of the host's addresses that takes us. */
static enum rc
connect_host(
    struct cx *cx, const struct redis_place *place, int64_t until_ms, int *out)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	enum rc rc = RC_BUSY;

	if (getaddrinfo(place->host, place->port, &hints, &list) != 0)
		return RC_BUSY;
	for (struct addrinfo *a = list; a != NULL && rc != RC_OK;
	     a = a->ai_next)
		rc = connect_to(cx, a->ai_addr, a->ai_addrlen, until_ms, out);
	freeaddrinfo(list);
	return rc;
}

/* ---- who we are */

static enum rc
say(struct cx *cx, struct redis_conn *c, const char *const *words,
    int64_t until_ms)
{
	struct redis_said said;
	struct slice list[3];
	size_t n = 0;

	for (; n < 3 && words[n] != NULL; n++)
		list[n] = slice_of(words[n]);
	return redis_turn(cx, c, list, n, until_ms, &said);
}

static enum rc
greet(struct cx *cx, const struct redis_place *place, struct redis_conn *c,
    int64_t until_ms)
{
	const char *const named[] = { "AUTH", place->user, place->password };
	const char *const plain[] = { "AUTH", place->password, NULL };
	const char *const base[] = { "select", place->base, NULL };

	if (place->password != NULL)
		TRY(say(cx, c, place->user != NULL ? named : plain, until_ms));
	return place->base != NULL ? say(cx, c, base, until_ms) : RC_OK;
}

enum rc
redis_connect(struct cx *cx, const struct redis_place *place,
    struct redis_conn *c, int64_t until_ms)
{
	enum rc rc;

	rc = place->path != NULL
		 ? connect_path(cx, place->path, until_ms, &c->fd)
		 : connect_host(cx, place, until_ms, &c->fd);
	if (rc != RC_OK)
		return rc;
	c->reader = redisReaderCreate();
	if (c->reader == NULL)
		mem_none();
	return greet(cx, place, c, until_ms);
}

/* ---- the way there */

static enum rc
send_all(struct cx *cx, int fd, const char *p, size_t n, int64_t until_ms)
{
	while (n > 0) {
		const ssize_t went = send(fd, p, n, MSG_NOSIGNAL);

		if (went > 0) {
			p += went;
			n -= (size_t)went;
		} else if (errno != EAGAIN ||
			   ready(cx, fd, WAIT_WRITE, until_ms) != RC_OK) {
			return RC_BUSY;
		}
	}
	return RC_OK;
}

static enum rc
send_words(struct cx *cx, int fd, const struct slice *words, size_t n,
    int64_t until_ms)
{
	const char **list = ARENA_ARRAY(cx->mem, const char *, n);
	size_t *sizes = ARENA_ARRAY(cx->mem, size_t, n);
	char *command = NULL;
	long long bytes;
	enum rc rc;

	for (size_t i = 0; i < n; i++) {
		list[i] = words[i].p;
		sizes[i] = words[i].n;
	}
	bytes = redisFormatCommandArgv(&command, (int)n, list, sizes);
	if (bytes < 0)
		mem_none();
	rc = send_all(cx, fd, command, (size_t)bytes, until_ms);
	redisFreeCommand(command);
	return rc;
}

/* ---- and back */

/* RC_ABSENT: not all of it has come. */
static enum rc
read_some(struct redis_conn *c, char *bytes, redisReply **out)
{
	const ssize_t n = recv(c->fd, bytes, READ_BYTES, 0);

	if (n < 0 && errno == EAGAIN)
		return RC_ABSENT;
	if (n <= 0 || c->reader->len + (size_t)n > ANSWER_MAX_BYTES ||
	    redisReaderFeed(c->reader, bytes, (size_t)n) != REDIS_OK ||
	    redisReaderGetReply(c->reader, (void **)out) != REDIS_OK)
		return RC_BUSY;
	return *out != NULL ? RC_OK : RC_ABSENT;
}

static enum rc
read_reply(
    struct cx *cx, struct redis_conn *c, int64_t until_ms, redisReply **out)
{
	char *bytes = arena_alloc(cx->mem, READ_BYTES);
	enum rc rc;

	*out = NULL;
	while ((rc = read_some(c, bytes, out)) == RC_ABSENT)
		if (ready(cx, c->fd, WAIT_READ, until_ms) != RC_OK)
			return RC_BUSY;
	return rc;
}

static void
keep(struct cx *cx, const redisReply *r, struct redis_said *out)
{
	*out = (struct redis_said){ .number = r->integer };
	switch (r->type) {
	case REDIS_REPLY_INTEGER:
		out->type = REDIS_NUMBER;
		break;
	case REDIS_REPLY_STRING:
	case REDIS_REPLY_STATUS:
		out->type = REDIS_BYTES;
		out->bytes =
		    (struct slice){ arena_copy(cx->mem, r->str, (size_t)r->len),
			    (size_t)r->len };
		break;
	case REDIS_REPLY_ARRAY:
		out->type = REDIS_LIST;
		out->n = r->elements;
		out->list =
		    ARENA_ARRAY(cx->mem, struct redis_said, r->elements + 1);
		for (size_t i = 0; i < r->elements; i++)
			keep(cx, r->element[i], &out->list[i]);
		break;
	default:
		break;
	}
}

/* Words it begins with when it may not answer now; the rest are our fault. */
static bool
is_unwell(const char *error)
{
	static const char *const list[] = { "LOADING", "READONLY", "OOM",
		"MASTERDOWN", "MISCONF", "BUSY", "NOAUTH", "WRONGPASS",
		"CLUSTERDOWN", "NOREPLICAS", "ERR max number of clients",
		NULL };

	for (size_t i = 0; list[i] != NULL; i++)
		if (text_starts(error, list[i]))
			return true;
	return false;
}

static enum rc
judge(struct cx *cx, const redisReply *r, struct redis_said *out)
{
	if (r->type != REDIS_REPLY_ERROR) {
		keep(cx, r, out);
		return RC_OK;
	}
	log_warn(
	    cx, "redis.refused", L_TEXT("why", text_cut(cx->mem, r->str, 200)));
	if (is_unwell(r->str))
		return RC_BUSY;
	return rc_fail(cx, RC_BUG, "Redis does not understand a command");
}

enum rc
redis_turn(struct cx *cx, struct redis_conn *c, const struct slice *words,
    size_t n, int64_t until_ms, struct redis_said *out)
{
	redisReply *r;
	enum rc rc;

	if (send_words(cx, c->fd, words, n, until_ms) != RC_OK ||
	    read_reply(cx, c, until_ms, &r) != RC_OK)
		return RC_BUSY;
	rc = judge(cx, r, out);
	freeReplyObject(r);
	return rc;
}
