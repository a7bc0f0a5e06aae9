/* What the files of io/wait share. */
#ifndef IO_WAIT_IN_H
#define IO_WAIT_IN_H

#include "io/wait.h"

struct pollfd;

/* One wait, as wait_any has it. `stops`: it asks cx->should_stop. */
struct wait {
	struct cx *cx;
	struct wait_fd *fds;
	size_t n;
	int64_t until_ms;
	bool stops;
};

/* ---- wait.c */

/* Fills `list` for poll, and reads back what it found; gives how many of them
 * are ready. */
void wait_ask(const struct wait_fd *fds, size_t n, struct pollfd *list);
int wait_heard(struct wait_fd *fds, size_t n, const struct pollfd *list);
/* How long a poll may last: -1 without end. For w, not past the next look for
 * a stop. */
int64_t wait_left_ms(int64_t until_ms);
int64_t wait_span_ms(const struct wait *w);
bool wait_is_late(int64_t until_ms);
bool wait_told_to_stop(const struct wait *w);
/* Looks once, without waiting; how many are ready. */
int wait_look(struct wait_fd *fds, size_t n);

/* ---- wait_task.c */

enum rc wait_parked(struct wait *w) MUST_USE; /* in a task */
enum rc wait_beside(struct wait *w) MUST_USE; /* while tasks go on */

#endif
