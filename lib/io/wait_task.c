/* Waiting where there are tasks: they park, and one poll wakes them. */
#include <assert.h>
#include <errno.h>
#include <poll.h>

#include "io/task.h"
#include "io/wait_in.h"

/* Two descriptors a task, and a parent's own: none waits for more. */
enum { MANY = 4 * TASKS_MAX };

/* A parked task, on its own stack. */
struct waiter {
	struct task *task;
	struct wait *wait;
	bool ready; /* something of what it waits for is, or it was called */
	void *gift;
	struct waiter *before, *after; /* of all that are parked */
	struct waiter *next; /* in its line */
};

static struct waiter *parked;
static const struct wait_watch *watch;

static void
enter(struct waiter *w)
{
	w->after = parked;
	if (parked != NULL)
		parked->before = w;
	parked = w;
}

static void
leave(struct waiter *w)
{
	if (w->after != NULL)
		w->after->before = w->before;
	if (w->before != NULL)
		w->before->after = w->after;
	else
		parked = w->after;
}

/* It gives way once at least, even when its time has come. */
static enum rc
park(struct waiter *w)
{
	enum rc rc = RC_OK;

	enter(w);
	while (rc == RC_OK && !w->ready) {
		if (!wait_told_to_stop(w->wait))
			task_park();
		if (w->ready)
			break;
		if (wait_told_to_stop(w->wait))
			rc = RC_STOPPED;
		else if (wait_is_late(w->wait->until_ms))
			rc = RC_BUSY;
	}
	leave(w);
	return rc;
}

/* Who only looks goes on at once: no other task may do anything meanwhile. */
static enum rc
look(struct wait *wait)
{
	if (wait_told_to_stop(wait))
		return RC_STOPPED;
	return wait_look(wait->fds, wait->n) > 0 ? RC_OK : RC_BUSY;
}

enum rc
wait_parked(struct wait *wait)
{
	struct waiter w = { .task = task_self(), .wait = wait };

	if (wait->n > 0 && wait_is_late(wait->until_ms))
		return look(wait);
	return park(&w);
}

/* ---- lines */

static void
line_leave(struct wait_line *line, struct waiter *w)
{
	struct waiter *before = NULL;

	for (struct waiter *at = line->first; at != w; at = at->next)
		before = at;
	if (before == NULL)
		line->first = w->next;
	else
		before->next = w->next;
	if (line->last == w)
		line->last = before;
}

static enum rc
stand(struct wait *wait, struct wait_line *line, void **gift)
{
	struct waiter w = { .task = task_self(), .wait = wait };
	enum rc rc;

	if (line->first == NULL)
		line->first = &w;
	else
		line->last->next = &w;
	line->last = &w;
	rc = park(&w);
	if (rc != RC_OK)
		line_leave(line, &w);
	*gift = w.gift;
	return rc;
}

enum rc
wait_in_line(
    struct cx *cx, struct wait_line *line, int64_t until_ms, void **gift)
{
	struct wait wait = { cx, NULL, 0, until_ms, true };

	*gift = NULL;
	if (task_self() == NULL)
		return wait_any(cx, NULL, 0, until_ms);
	return stand(&wait, line, gift);
}

bool
wait_call(struct wait_line *line, void *gift)
{
	struct waiter *w = line->first;

	if (w == NULL)
		return false;
	line->first = w->next;
	if (line->first == NULL)
		line->last = NULL;
	w->ready = true;
	w->gift = gift;
	task_wake(w->task);
	return true;
}

void
wait_watch(const struct wait_watch *w)
{
	watch = w;
}

/* ---- the one poll */

static int64_t
sooner(int64_t a, int64_t b)
{
	return b < 0 || (a >= 0 && a < b) ? a : b;
}

static size_t
add(struct pollfd *list, size_t used, const struct wait *w)
{
	assert(used + w->n < MANY);
	wait_ask(w->fds, w->n, list + used);
	return used + w->n;
}

/* The loop's own first, then the tasks', in their order, then the watch. */
static size_t
ask_all(struct wait *own, struct pollfd *list)
{
	size_t used = add(list, 0, own);

	for (struct waiter *w = parked; w != NULL; w = w->after)
		used = add(list, used, w->wait);
	if (watch != NULL)
		list[used++] = (struct pollfd){ watch->fd, POLLIN, 0 };
	return used;
}

static int
span_ms(const struct wait *own)
{
	int64_t until_ms = watch != NULL ? watch->at_ms : -1;

	for (const struct waiter *w = parked; w != NULL; w = w->after)
		until_ms = sooner(until_ms, w->wait->until_ms);
	return (int)sooner(wait_span_ms(own), wait_left_ms(until_ms));
}

/* Wakes exactly those for whom something is ready, or whose time has come. */
static void
wake_all(const struct pollfd *list)
{
	for (struct waiter *w = parked; w != NULL; w = w->after) {
		if (wait_heard(w->wait->fds, w->wait->n, list) > 0)
			w->ready = true;
		list += w->wait->n;
		if (w->ready || wait_is_late(w->wait->until_ms))
			task_wake(w->task);
	}
	if (watch != NULL && (list->revents || wait_is_late(watch->at_ms)))
		watch->ready();
}

/* One poll for all; how many of our own are ready. */
static int
turn(struct wait *own, bool others_wait)
{
	static struct pollfd list[MANY]; /* nobody else is outside of tasks */
	const size_t n = ask_all(own, list);
	const int ms = others_wait ? 0 : span_ms(own);

	if (poll(list, (nfds_t)n, ms) < 0) {
		assert(errno == EINTR);
		return 0;
	}
	wake_all(list + own->n);
	return wait_heard(own->fds, own->n, list);
}

enum rc
wait_beside(struct wait *own)
{
	for (;;) {
		const bool more = tasks_run();

		if (wait_told_to_stop(own))
			return RC_STOPPED;
		if (turn(own, more) > 0)
			return RC_OK;
		if (wait_is_late(own->until_ms))
			return RC_BUSY;
	}
}
