/* The one function that waits, for descriptors and for time (design.md 2). */
#ifndef IO_WAIT_H
#define IO_WAIT_H

#include <stddef.h>

#include "base/cx.h"

/*
 * WAIT_OURS marks the database's own descriptor. Waiting for nothing else is
 * allowed while a transaction is open, and is not cut short by a stop: a query
 * has its own end, and what became of a commit must be known.
 */
enum { WAIT_READ = 1, WAIT_WRITE = 2, WAIT_OURS = 4 };

struct wait_fd {
	int fd;
	short want; /* WAIT_READ | WAIT_WRITE, | WAIT_OURS */
	short got; /* what became ready; an error or hang-up sets all wanted */
};

/*
 * Waits until one of `fds` is ready or clock_ms() reaches `until_ms` (-1: no
 * end). RC_OK: something is ready, see `got`. RC_BUSY: the time came (noted as
 * no failure). RC_STOPPED: cx->should_stop said so (cx may be NULL: nobody
 * stops us).
 *
 * In a task it parks the task. Whoever makes should_stop true must task_wake
 * it; elsewhere should_stop is asked on each wake and every 250 ms. Outside of
 * tasks, while there are some, it lets them go on meanwhile.
 */
enum rc wait_any(
    struct cx *cx, struct wait_fd *fds, size_t n, int64_t until_ms) MUST_USE;

/* Sleeps until clock_ms() reaches `until_ms`; RC_OK then, or RC_STOPPED. */
enum rc wait_until(struct cx *cx, int64_t until_ms) MUST_USE;

/* Hold this while a transaction is open: waiting for the outside is a bug then
 * and asserts (wait_any for another descriptor than the database's). It is the
 * task's own, or the process's outside of any. */
void wait_forbid(const char *why); /* NULL: allowed again */
void wait_assert_allowed(void);

/* ---- between tasks */

/* Where tasks stand until another calls them; all zero to begin with. */
struct waiter;
struct wait_line {
	struct waiter *first, *last;
};

/*
 * Stands in line until called: RC_OK, and *gift is what the caller gave. Else
 * as wait_any; cx NULL is not stopped. Outside of tasks nobody will call.
 */
enum rc wait_in_line(struct cx *cx, struct wait_line *line, int64_t until_ms,
    void **gift) MUST_USE;
/* Calls the first in line; false when there is none. */
bool wait_call(struct wait_line *line, void *gift);

/*
 * What many tasks wait for by one descriptor: `ready` is called outside of all
 * tasks when it can be read, or when clock_ms() reaches at_ms (-1: never). One
 * a process; it stays the caller's.
 */
struct wait_watch {
	int fd;
	int64_t at_ms;
	void (*ready)(void);
};
void wait_watch(const struct wait_watch *w); /* NULL: no more */

#endif
