/* stockroom: the operator's command, one word a task. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "app/start.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "command.h"
#include "shopify/name.h"
#include "store/shop.h"

/* clang-format off */
static const struct command commands[] = {
	{ "init",    "[--url URL] [--keyring-url URL]", "make databases and roles, as superuser", init_command },
	{ "migrate", "[--url URL] [--keyring-url URL]", "bring both databases up to date, as superuser", migrate_command },
	{ "keys",    "mint|list|revoke [--operator|--shop NAME] [--label TEXT] [--scopes A,B] [--days N] [ID]", "API keys; mint prints the key, once", keys_command },
	{ "shops",   "", "which shops have this app", shops_command },
	{ "jobs",    "list|show|cancel|retry|replay|batch|cancel-batch|queues|pause|resume|caps|schedules|schedule|pause-schedule|resume-schedule|run-schedule|put-schedule|drop-schedule|rates|put-rate|drop-rate|workers|figures|queries [--json] [OPTIONS] [ID|NAME]", "what is queued, and what to do about it", jobs_command },
	{ "handlers", "[on NAME]", "what handlers.conf binds and how it fared; switch one on again", handlers_command },
	{ "check",   "", "say what is not as it must be", check_command },
};
/* clang-format on */
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int
command_failed(const struct cx *cx)
{
	(void)fprintf(stderr, "stockroom: %s",
	    cx->fault.sentence ? cx->fault.sentence
			       : rc_row(cx->fault.rc)->title);
	if (cx->fault.got)
		(void)fprintf(stderr, ", not %s", cx->fault.got);
	(void)fputc('\n', stderr);
	return 1;
}

enum rc
command_shop(struct cx *cx, const char *name)
{
	struct shop shop;
	const char *domain;

	cx->shop_id = 0;
	if (!name)
		return RC_OK;
	TRY(shop_name(cx, name, &domain));
	if (shop_find(cx, domain, &shop) != RC_OK)
		return rc_fail(cx, RC_ABSENT, "no shop %s", domain);
	cx->shop_id = shop.id;
	return RC_OK;
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
		    to, "  %-9s %s\n", commands[i].name, commands[i].words);
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
