/* The threads of an ingest program: those that check, and the committer. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/mem.h"
#include "web/ingest_in.h"

enum { STACK_BYTES = 1 << 20, CHECKERS_MAX = 32, AT_ONCE = 4 };

struct pool {
	const struct ingest *program;
	struct lane *checks, *keeps, *done;
	int bell;
	struct committer committer;
	pthread_t checkers[CHECKERS_MAX], keeper;
	int n;
};

/* Gives it to the committer, or its answer to the loop. */
static void
check(struct pool *pool, struct visit *v)
{
	struct cx cx = { .mem = v->mem, .program = pool->program->name };

	v->next = NULL;
	if (judge(&cx, pool->program, v)) {
		if (lane_put(pool->keeps, v))
			return;
		cx.retry_after_ms = 1000;
		judge_refuse(&cx, pool->program, v,
		    rc_fail(&cx, RC_BUSY, "the database does not answer"));
	}
	(void)lane_put(pool->done, v);
}

static void *
check_all(void *arg)
{
	struct pool *pool = arg;
	struct visit *list, *next;

	while ((list = lane_take(pool->checks, AT_ONCE, SIZE_MAX, -1)) != NULL)
		for (; list != NULL; list = next) {
			next = list->next;
			check(pool, list);
		}
	return NULL;
}

static void *
keep_all(void *arg)
{
	commit_all(&((struct pool *)arg)->committer);
	return NULL;
}

static int
start_threads(struct pool *pool, int n)
{
	pthread_attr_t attr;
	int err;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	err = pthread_create(&pool->keeper, &attr, keep_all, pool);
	while (err == 0 && pool->n < n) {
		err = pthread_create(
		    &pool->checkers[pool->n], &attr, check_all, pool);
		pool->n += err == 0;
	}
	(void)pthread_attr_destroy(&attr);
	return err;
}

static int
how_many(void)
{
	const int64_t n = conf_int(C_INGEST_THREADS);

	return n < 1 ? 1 : n > CHECKERS_MAX ? CHECKERS_MAX : (int)n;
}

enum rc
pool_start(struct cx *cx, const struct ingest *p, struct pool **out)
{
	struct pool *pool = mem_new(sizeof(*pool));
	int err;

	pool->program = p;
	pool->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pool->bell < 0)
		return rc_fail(cx, RC_BUSY, "no eventfd: %s", strerror(errno));
	pool->checks = lane_new(-1);
	pool->keeps = lane_new(-1);
	pool->done = lane_new(pool->bell);
	pool->committer = (struct committer){
		.cx = cx, .program = p, .from = pool->keeps, .to = pool->done
	};
	commit_tick(&pool->committer);
	err = start_threads(pool, how_many());
	if (err != 0)
		return rc_fail(cx, RC_BUSY, "no threads: %s", strerror(err));
	*out = pool;
	return RC_OK;
}

void
pool_check(struct pool *pool, struct visit *list)
{
	(void)lane_put(pool->checks, list);
}

int
pool_bell(const struct pool *pool)
{
	return pool->bell;
}

struct visit *
pool_done(struct pool *pool)
{
	uint64_t n;

	/* Not ringing: another turn has taken all. */
	if (read(pool->bell, &n, sizeof(n)) < 0)
		n = 0;
	return lane_take(pool->done, SIZE_MAX, SIZE_MAX, 0);
}

void
pool_end(struct pool *pool)
{
	lane_end(pool->checks);
	for (int i = 0; i < pool->n; i++)
		(void)pthread_join(pool->checkers[i], NULL);
	lane_end(pool->keeps);
	(void)pthread_join(pool->keeper, NULL);
}
