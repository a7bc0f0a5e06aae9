/* The operator's commands, a file each; main.c has their table. */
#ifndef STOCKROOM_COMMAND_H
#define STOCKROOM_COMMAND_H

#include "base/cx.h"

/*
 * Each gets its own name as argv[0] and gives the process's exit status.
 * Settings are loaded; nothing else is.
 */
typedef int command_run(struct cx *cx, int argc, char **argv);

struct command {
	const char *name;
	const char *use; /* its arguments */
	const char *words; /* what it does */
	command_run *run;
};

command_run check_command, handlers_command, init_command, jobs_command,
    keys_command, migrate_command, shops_command;

/* Sets cx->shop_id to the shop of that name, 0 when there is none; cx->db is
 * open. RC_INPUT, RC_ABSENT. */
enum rc command_shop(struct cx *cx, const char *name) MUST_USE;

/* Says what was noted, on stderr; gives the exit status 1. */
int command_failed(const struct cx *cx);
/* Says how the command is to be called; gives the exit status 2. */
int command_misused(const char *name);

#endif
