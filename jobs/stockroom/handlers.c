/* stockroom handlers: what handlers.conf binds, and how it fared. */
#include <inttypes.h>
#include <stdio.h>

#include "app/handlers.h"
#include "app/start.h"
#include "base/clock.h"
#include "command.h"
#include "store/handler.h"

/* Its topics, resources or schedule, as in the file. */
static const char *
words_of(struct cx *cx, const struct handler *h)
{
	const char *text = h->words[0];

	for (size_t i = 1; i < h->n; i++)
		text = text_fmt(cx->mem, "%s,%s", text, h->words[i]);
	return h->tz ? text_fmt(cx->mem, "%s %s", text, h->tz) : text;
}

/* An address may hold a token: its host alone. */
static const char *
target_of(struct cx *cx, const struct handler *h)
{
	struct slice rest = slice_of(h->target), part;
	int i;

	if (h->does == DOES_EXEC)
		return h->target;
	for (i = 0; i < 3 && text_next(&rest, '/', &part); i++)
		;
	return text_fmt(cx->mem, "https://%.*s/...", (int)part.n, part.p);
}

static void
say_state(struct cx *cx, const struct handler_row *row)
{
	if (!row) {
		(void)puts("    has not run yet");
		return;
	}
	(void)printf("    %" PRId64 " done, %" PRId64
		     " failed, last %s by job %" PRId64 "\n",
	    row->done, row->failed, clock_text(cx->mem, row->last_at),
	    row->last_job);
	if (row->error)
		(void)printf("    failing since %s: %s\n",
		    clock_text(cx->mem, row->failing_since), row->error);
	if (row->off_at)
		(void)printf("    off since %s: %s\n",
		    clock_text(cx->mem, row->off_at), row->off_reason);
}

static const struct handler_row *
row_of(const struct handler_row *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static enum rc
list(struct cx *cx)
{
	const struct handlers *all = handlers_now(cx);
	struct handler_row *rows;
	size_t n;

	TRY(handler_list(cx, &rows, &n));
	for (size_t i = 0; i < all->n; i++) {
		const struct handler *h = &all->list[i];

		(void)printf("%s: %s %s %s %s\n", h->name,
		    handler_on_word(h->on), words_of(cx, h),
		    handler_does_word(h->does), target_of(cx, h));
		say_state(cx, row_of(rows, n, h->name));
	}
	return RC_OK;
}

static enum rc
switch_on(struct cx *cx, const char *name)
{
	const enum rc rc = handler_on(cx, name);

	if (rc == RC_ABSENT)
		return rc_fail(cx, rc, "%s is not switched off", name);
	TRY(rc);
	(void)printf(
	    "%s is on; what ended dead meanwhile can be replayed\n", name);
	return RC_OK;
}

int
handlers_command(struct cx *cx, int argc, char **argv)
{
	const bool on = argc == 3 && text_same(argv[1], "on");

	if (argc != 1 && !on)
		return command_misused("handlers");
	if (app_open(cx, "stockroom_ops") != RC_OK ||
	    handlers_load(cx) != RC_OK ||
	    (on ? switch_on(cx, argv[2]) : list(cx)) != RC_OK)
		return command_failed(cx);
	return 0;
}
