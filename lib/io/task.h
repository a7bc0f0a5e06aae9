/* Tasks: many runs in one process, each on a small stack, one at a time. */
#ifndef IO_TASK_H
#define IO_TASK_H

#include <stdbool.h>

/*
 * A task runs until it parks, which it does wherever it waits (io/wait), or
 * ends. Nothing else interrupts it, so what it does between two waits needs no
 * lock. Its stack is TASK_STACK_BYTES with a page below that nobody may touch:
 * one that grows past it ends the process.
 */
enum { TASKS_MAX = 256, TASK_STACK_BYTES = 64 * 1024 };

struct task;

/* Makes a task that begins run(arg) at the next tasks_run; it is gone when that
 * returns. NULL when there are TASKS_MAX. */
struct task *task_spawn(void (*run)(void *), void *arg);
/* The one that runs; NULL outside of any. */
struct task *task_self(void);
void *task_arg(const struct task *t);
/* How many have not ended. */
int tasks_count(void);

/* In a task: gives way until task_wake. */
void task_park(void);
/* It goes on at the next tasks_run. Does nothing to one that is not parked. */
void task_wake(struct task *t);

/* Outside of any: each that is ready goes on until it parks or ends. True when
 * some became ready meanwhile. */
bool tasks_run(void);

/* What the stacks of those that have ended took of memory goes back. */
void tasks_rest(void);

/* io/wait's: why this task may not wait for the outside now, or NULL. */
const char **task_ban(struct task *t);

#endif
