/* Visits on their way from one thread to another, in order. */
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "web/ingest_in.h"

struct lane {
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct visit *first, **last;
	int bell;
	int waiting; /* takers */
	bool shut, ended;
};

/* Lives as long as the process. */
struct lane *
lane_new(int bell)
{
	struct lane *l = mem_new(sizeof(*l));
	pthread_condattr_t steady;

	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_cond_init(&l->came, &steady);
	(void)pthread_condattr_destroy(&steady);
	l->last = &l->first;
	l->bell = bell;
	return l;
}

static void
ring(const struct lane *l)
{
	const uint64_t one = 1;

	/* It cannot fail but when full, and then it is rung already. */
	if (l->bell >= 0 && write(l->bell, &one, sizeof(one)) < 0)
		return;
}

static size_t
append(struct lane *l, struct visit *list)
{
	size_t n = 1;

	*l->last = list;
	for (; list->next != NULL; list = list->next)
		n++;
	l->last = &list->next;
	return n;
}

bool
lane_put(struct lane *l, struct visit *list)
{
	bool was_empty, put = false;
	int wake = 0;

	(void)pthread_mutex_lock(&l->lock);
	was_empty = l->first == NULL;
	if (!l->shut) {
		const size_t n = append(l, list);

		put = true;
		wake = l->waiting < (int)n ? l->waiting : (int)n;
	}
	(void)pthread_mutex_unlock(&l->lock);
	for (; wake > 0; wake--)
		(void)pthread_cond_signal(&l->came);
	if (put && was_empty)
		ring(l);
	return put;
}

static struct visit *
cut(struct lane *l, size_t n, size_t bytes)
{
	struct visit *list = l->first, **end = &list;
	size_t have = 0;

	for (; n > 0 && *end != NULL; n--, end = &(*end)->next) {
		have += (*end)->item.bytes;
		if (have > bytes && end != &list)
			break; /* one larger body goes alone */
	}
	l->first = *end;
	*end = NULL;
	if (l->first == NULL)
		l->last = &l->first;
	return list;
}

/* False when it is time. */
static bool
wait_for(struct lane *l, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };
	int err;

	l->waiting++;
	err = until_ms < 0 ? pthread_cond_wait(&l->came, &l->lock)
			   : pthread_cond_timedwait(&l->came, &l->lock, &until);
	l->waiting--;
	return err != ETIMEDOUT;
}

struct visit *
lane_take(struct lane *l, size_t n, size_t bytes, int64_t until_ms)
{
	struct visit *list = NULL;

	(void)pthread_mutex_lock(&l->lock);
	while (l->first == NULL && !l->ended)
		if (until_ms == 0 || !wait_for(l, until_ms))
			break;
	if (l->first != NULL)
		list = cut(l, n, bytes);
	(void)pthread_mutex_unlock(&l->lock);
	return list;
}

bool
lane_over(struct lane *l)
{
	bool over;

	(void)pthread_mutex_lock(&l->lock);
	over = l->ended && l->first == NULL;
	(void)pthread_mutex_unlock(&l->lock);
	return over;
}

void
lane_shut(struct lane *l, bool shut)
{
	(void)pthread_mutex_lock(&l->lock);
	l->shut = shut;
	(void)pthread_mutex_unlock(&l->lock);
}

void
lane_end(struct lane *l)
{
	(void)pthread_mutex_lock(&l->lock);
	l->ended = true;
	(void)pthread_mutex_unlock(&l->lock);
	(void)pthread_cond_broadcast(&l->came);
}
