/*
 * How each attempt ended that is followed by another: the job's own row keeps
 * the last error alone. Written together, within a second; a jobd that is
 * killed takes what it had not written with it.
 */
#include "jobd.h"

enum { ENDS_MAX = 1000, ERROR_BYTES = 1000 };

static struct {
	struct arena *mem; /* the texts */
	int64_t shops[ENDS_MAX];
	int64_t jobs[ENDS_MAX];
	int64_t attempts[ENDS_MAX];
	const char *became[ENDS_MAX];
	const char *errors[ENDS_MAX];
	size_t n;
} ends;

static bool
goes_on(const char *became)
{
	return text_same(became, "retry") || text_same(became, "lost") ||
	       text_same(became, "suspect");
}

void
history_note(const struct work *w, const char *became)
{
	const size_t n = ends.n;

	if (!goes_on(became) || n == ENDS_MAX)
		return;
	if (ends.mem == NULL)
		ends.mem = arena_new();
	ends.shops[n] = w->shop_id;
	ends.jobs[n] = w->id;
	ends.attempts[n] = w->attempt;
	ends.became[n] = text_dup(ends.mem, became);
	ends.errors[n] =
	    text_cut(ends.mem, w->error ? w->error : "", ERROR_BYTES);
	ends.n++;
}

/* Told once or not at all: they are for people. */
void
history_write(struct jobd *j)
{
	if (ends.n == 0 || !db_may(j))
		return;
	(void)db_went(j,
	    db_run(&j->cx, Q_JOB_ATTEMPT_PUT,
		ARGS(a_ints(ends.shops, ends.n), a_ints(ends.jobs, ends.n),
		    a_ints(ends.attempts, ends.n), a_texts(ends.became, ends.n),
		    a_texts(ends.errors, ends.n)),
		NULL),
	    "jobd.history");
	ends.n = 0;
	arena_empty(ends.mem);
}
