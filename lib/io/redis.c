/* Redis or Valkey: one command, one answer (CACHE_URL). */
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/redis_in.h"
#include "io/wait.h"

/* More than tasks of one process ever need at a time; who finds none free does
 * without. */
enum { CONNS = 4, ANSWER_MS = 200, AWAY_MS = 1000 };

/* One a process, made after fork. */
static struct {
	struct redis_place place;
	struct arena *mem; /* what the place points into */
	struct redis_conn conns[CONNS];
	int64_t away_ms; /* it did not answer: not before that */
	bool started;
} redis;

bool
redis_named(void)
{
	return conf_text(C_CACHE_URL)[0] != '\0';
}

static enum rc
read_password(struct cx *cx)
{
	struct secret password;
	const enum rc rc = conf_secret(cx, C_CACHE_PASSWORD_FILE, &password);
	char *kept;

	if (rc == RC_ABSENT) {
		rc_forget(cx);
		return RC_OK;
	}
	TRY(rc);
	kept = arena_alloc_secret(redis.mem, password.n + 1);
	for (size_t i = 0; i < password.n; i++)
		kept[i] = password.p[i];
	redis.place.password = kept;
	return RC_OK;
}

enum rc
redis_start(struct cx *cx)
{
	if (!redis_named() || redis.started)
		return RC_OK;
	redis.mem = arena_new();
	for (size_t i = 0; i < CONNS; i++)
		redis.conns[i].fd = -1;
	redis.started = true;
	TRY(redis_place_read(
	    cx, redis.mem, conf_text(C_CACHE_URL), &redis.place));
	return read_password(cx);
}

void
redis_stop(void)
{
	if (!redis.started)
		return;
	for (size_t i = 0; i < CONNS; i++)
		redis_close(&redis.conns[i]);
	arena_free(redis.mem);
	redis.started = false;
}

/* ---- one command */

/* An idle connection, rather one that stands. */
static struct redis_conn *
pick(void)
{
	struct redis_conn *best = NULL;

	for (size_t i = 0; i < CONNS; i++) {
		struct redis_conn *c = &redis.conns[i];

		if (!c->taken && (best == NULL || best->fd < 0))
			best = c;
	}
	return best;
}

/* It closed this one since it was last used: a new one is no second try. */
static bool
was_closed(const struct redis_conn *c)
{
	struct wait_fd w = { .fd = c->fd, .want = WAIT_READ };

	return wait_any(NULL, &w, 1, 0) == RC_OK;
}

static enum rc
turn(struct cx *cx, struct redis_conn *c, const struct slice *words, size_t n,
    struct redis_said *out)
{
	const int64_t until_ms = clock_ms() + ANSWER_MS;

	if (c->fd >= 0 && was_closed(c))
		redis_close(c);
	c->taken = true;
	if (c->fd < 0)
		TRY(redis_connect(cx, &redis.place, c, until_ms));
	return redis_turn(cx, c, words, n, until_ms, out);
}

static void
away(struct cx *cx)
{
	redis.away_ms = clock_ms() + AWAY_MS;
	count_add(M_cache_failures_total, NULL, 1);
	log_warn(cx, "redis.away", L_INT("ms", AWAY_MS));
}

enum rc
redis_do(
    struct cx *cx, const struct slice *words, size_t n, struct redis_said *out)
{
	struct redis_conn *c = pick();
	enum rc rc;

	wait_assert_allowed();
	if (!redis.started || c == NULL || clock_ms() < redis.away_ms)
		return RC_BUSY;
	rc = turn(cx, c, words, n, out);
	c->taken = false;
	if (rc == RC_OK)
		return RC_OK;
	redis_close(c);
	if (rc == RC_BUSY)
		away(cx);
	return rc;
}
