/* execd: runs the programs of others, a process for each run (queue.md 5). */
#ifndef EXECD_EXECD_H
#define EXECD_EXECD_H

#include <sys/types.h>

#include "base/cx.h"

/*
 * A run, from the asking at connection `fd` to the answer there; it ends this
 * process. Nothing of it is left then: everything that descends from it, what
 * began a session of its own included, has been killed.
 */
_Noreturn void run_serve(struct cx *cx, int fd);

/* Processes whose parent we are, by /proc; -1 without it. At most `max`. */
int kin_list(struct cx *cx, pid_t *list, int max);
/* Kills what descends from us until nothing is left, for some seconds. */
void kin_end(struct cx *cx);

#endif
