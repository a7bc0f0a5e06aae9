/* What stockroom jobs is told, by the rules of the API. */
#include "jobs_options.h"

#include <string.h>

#include "app/figures.h"
#include "store/figure.h"
#include "store/job.h"
#include "store/queue.h"
#include "store/replay.h"

enum { LIMIT_MOST = 1000 };

static const char *const states[] = { "scheduled", "available", "running",
	"blocked", "completed", "dead", "cancelled", NULL };

#define S jobs_options
static const struct field fields[] = {
	FIELD_WORDS(S, state, .words = states),
	FIELD_TEXT(S, kind, .max = 80),
	FIELD_TEXT(S, queue, .max = 80),
	FIELD_TIME(S, since),
	FIELD_TIME(S, before),
	FIELD_TEXT(S, text, .max = 200),
	FIELD_INT(S, batch, .min = 1),
	FIELD_INT(S, after, .min = 1),
	FIELD_INT(S, limit, .min = 1, .max = LIMIT_MOST, .fallback = "50"),
	FIELD_TEXT(S, shop, .max = 100),
	FIELD_INT(S, spread_s, .min = 0, .max = REPLAY_SPREAD_MOST_S),
	FIELD_BOOL(S, dry_run),
	FIELD_INT(S, max_running, .min = 0, .max = QUEUE_RUNNING_MOST,
	    GIVEN(S, has_max)),
	FIELD_INT(S, max_running_per_shop, .min = 0, .max = QUEUE_RUNNING_MOST,
	    GIVEN(S, has_per_shop)),
	FIELD_TEXT(S, rate, .max = 80, GIVEN(S, has_rate)),
	FIELD_TEXT(S, spec, .max = 200),
	FIELD_TEXT(S, tz, .max = 80),
	FIELD_TEXT(S, args, .max = 2 * JOB_ARGS_MAX_BYTES),
	FIELD_INT(S, priority, .min = 0, .max = 9, .fallback = "4"),
	FIELD_TEXT(S, per_s, .max = 20),
	FIELD_TEXT(S, burst, .max = 20),
	FIELD_INT(
	    S, minutes, .min = 1, .max = FIGURE_MINUTES_MOST, .fallback = "60"),
	FIELD_WORD(S, order, .words = figures_orders, .fallback = "slow"),
	FIELD_BOOL(S, json),
	FIELD_END,
};
static const struct shape shape = SHAPE(S, fields);
#undef S

/* "--dry-run" is dry_run. */
static const char *
name_of(struct cx *cx, const char *option)
{
	char *name = text_dup(cx->mem, option + 2);

	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

static bool
is_known(const char *known, const char *name)
{
	struct slice rest = slice_of(known), part;

	while (text_next(&rest, ' ', &part))
		if (slice_same(part, slice_of(name)))
			return true;
	return text_same(name, "json");
}

static bool
is_alone(const char *name)
{
	return text_same(name, "json") || text_same(name, "dry_run");
}

static enum rc
refuse(struct cx *cx, const char *name, const char *known)
{
	return rc_field(cx, RC_INPUT, name,
	    text_fmt(cx->mem, "left out; known here: %s json", known),
	    "an unknown option");
}

enum rc
jobs_options_read(struct cx *cx, int argc, char **argv, const char *known,
    const struct jobs_options **out, struct words *words)
{
	struct pair *pairs = ARENA_ARRAY(cx->mem, struct pair, (size_t)argc);
	const char **list = ARENA_ARRAY(cx->mem, const char *, (size_t)argc);
	struct pairs all = { .items = pairs };
	const void *filled;

	*words = (struct words){ .list = list };
	for (int i = 0; i < argc; i++) {
		const char *name;

		if (!text_starts(argv[i], "--")) {
			list[words->n++] = argv[i];
			continue;
		}
		name = name_of(cx, argv[i]);
		if (!is_known(known, name))
			return refuse(cx, name, known);
		if (!is_alone(name) && ++i == argc)
			return rc_field(
			    cx, RC_INPUT, name, "followed by a value", NULL);
		pairs[all.n++] =
		    (struct pair){ name, is_alone(name) ? "true" : argv[i] };
	}
	TRY(shape_read_pairs(cx, &shape, &all, &filled));
	*out = filled;
	return RC_OK;
}
