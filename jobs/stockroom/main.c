/* stockroom: the operator's command, one word a task. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "app/start.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "command.h"

/* clang-format off */
static const struct command commands[] = {
	{ "init",    "[--url URL] [--keyring-url URL]", "make databases and roles, as superuser", init_command },
	{ "migrate", "[--url URL] [--keyring-url URL]", "bring both databases up to date, as superuser", migrate_command },
	{ "keys",    "mint|list|revoke [--operator|--shop NAME] [--label TEXT] [--scopes A,B] [--days N] [ID]", "API keys; mint prints the key, once", keys_command },
	{ "shops",   "", "which shops have this app", shops_command },
	{ "check",   "", "say what is not as it must be", check_command },
};
/* clang-format on */
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int
command_failed(const struct cx *cx)
{
	(void)fprintf(stderr, "stockroom: %s\n",
	    cx->fault.sentence ? cx->fault.sentence
			       : rc_row(cx->fault.rc)->title);
	return 1;
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (text_same(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int
command_misused(const char *name)
{
	const struct command *c = find(name);

	assert(c != NULL);
	(void)fprintf(stderr, "use: stockroom %s %s\n", name, c->use);
	return 2;
}

static int
usage(FILE *to)
{
	(void)fprintf(to, "use: stockroom COMMAND [ARGUMENTS]\n");
	for (size_t i = 0; i < COMMANDS; i++)
		(void)fprintf(
		    to, "  %-8s %s\n", commands[i].name, commands[i].words);
	return to == stdout ? 0 : 2;
}

int
main(int argc, char **argv)
{
	struct cx cx = { .mem = arena_new(), .program = "stockroom" };
	const struct command *command;
	int status;

	if (argc == 2 && text_same(argv[1], "--help"))
		return usage(stdout);
	log_open(LOG_WARN, STDERR_FILENO); /* a person reads it */
	command = argc < 2 ? NULL : find(argv[1]);
	if (command == NULL)
		return usage(stderr);
	status = conf_load(&cx, NULL) == RC_OK
		     ? command->run(&cx, argc - 1, argv + 1)
		     : command_failed(&cx);
	arena_empty(cx.mem);
	app_stop(&cx);
	arena_free(cx.mem);
	return status;
}
