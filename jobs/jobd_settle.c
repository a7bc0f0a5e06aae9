/*
 * How runs ended, kept until the database has it. One settler a job: what a
 * handler's job_commit has ended never comes here. Sent twice when the answer
 * was lost; the fence lets one through.
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

enum { ERROR_BYTES = 2000 };

/* No bytes of an error may stand in the way of a settlement. */
static const char *
clean(struct arena *mem, const char *error)
{
	if (error == NULL || *error == '\0')
		return NULL;
	if (!text_utf8(slice_of(error)))
		return "an error whose words are no text";
	return text_cut(mem, error, ERROR_BYTES);
}

void
settle_add(struct jobd *j, struct work *w, const char *said, const char *error,
    double floor_s)
{
	w->said = said;
	w->error = clean(haul_mem(w->haul), error);
	w->floor_s = floor_s;
	if (j->ended.n == 0)
		j->flush_ms = clock_ms() + FLUSH_MS;
	works_add(&j->ended, w);
}

void
settle_stray(struct jobd *j, int64_t id, int64_t epoch)
{
	struct haul *h = haul_new();
	struct work *w = work_new(h, id, epoch);

	w->kind = JOB_KINDS;
	settle_add(j, w, "orphaned", "its claim's answer was lost", 0);
	haul_done(h);
}

/* Waits for company, unless there is nobody whom it could wait for. */
int64_t
settle_next_ms(const struct jobd *j)
{
	if (j->ended.n == 0)
		return INT64_MAX;
	if (j->ended.n >= SETTLE_MAX || slots_busy(j) == 0)
		return 0;
	return j->flush_ms;
}

/* ---- sending */

/* The columns of job_finish. */
struct columns {
	int64_t *id;
	int64_t *epoch;
	const char **said;
	const char **error;
	const char **floor;
};

static struct columns
columns_of(struct arena *mem, const struct works *list)
{
	struct columns c = {
		.id = ARENA_ARRAY(mem, int64_t, list->n),
		.epoch = ARENA_ARRAY(mem, int64_t, list->n),
		.said = ARENA_ARRAY(mem, const char *, list->n),
		.error = ARENA_ARRAY(mem, const char *, list->n),
		.floor = ARENA_ARRAY(mem, const char *, list->n),
	};
	size_t i = 0;

	for (struct work *w = list->first; w != NULL; w = w->next, i++) {
		c.id[i] = w->id;
		c.epoch[i] = w->epoch;
		c.said[i] = w->said;
		c.error[i] = w->error;
		c.floor[i] =
		    w->floor_s > 0 ? text_fmt(mem, "%.3f", w->floor_s) : "0";
		w->settling = true;
	}
	return c;
}

void
settle_args(
    struct arena *mem, const struct works *list, struct arg args[SETTLE_ARGS])
{
	const struct columns c = columns_of(mem, list);
	const size_t n = (size_t)list->n;

	args[0] = a_ints(c.id, n);
	args[1] = a_ints(c.epoch, n);
	args[2] = a_texts(c.said, n);
	args[3] = a_null();
	args[4] = a_texts(c.error, n);
	args[5] = a_texts(c.floor, n);
}

/* ---- what became of them */

static const char *
labels_of(struct jobd *j, const struct work *w, const char *outcome)
{
	const char *kind =
	    w->kind == JOB_KINDS ? "" : job_kind_row(w->kind)->word;
	const char *queue = w->queue == NULL ? "" : w->queue;

	if (outcome == NULL)
		return text_fmt(
		    j->cx.mem, "queue=\"%s\",kind=\"%s\"", queue, kind);
	return text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\",outcome=\"%s\"",
	    queue, kind, outcome);
}

/* One that waits for its next run is due when we said; others are not ours. */
static void
put_back(struct jobd *j, const struct work *w)
{
	const int64_t due = clock_ms() + (int64_t)(w->floor_s * 1000) + 1;

	if (w->floor_s * 1000 > SWEEP_MS)
		return;
	if (j->stage_ms < 0 || due < j->stage_ms)
		j->stage_ms = due;
}

static void
became(struct jobd *j, const struct work *w, const char *word)
{
	if (text_same(word, "completed") || text_same(word, "dead") ||
	    text_same(word, "cancelled"))
		count_add(M_jobd_finished_total, labels_of(j, w, word), 1);
	if (text_same(word, "retry") || text_same(word, "lost"))
		count_add(M_jobd_retries_total, labels_of(j, w, NULL), 1);
	history_note(w, word);
	if (text_same(word, "snoozed"))
		put_back(j, w);
}

static void
refused(struct jobd *j, const struct work *w)
{
	/* The first time it may have gone through, unheard. */
	if (w->repeated)
		return;
	count_add(M_jobd_refused_total, NULL, 1);
	log_warn(&j->cx, "jobd.refused", L_INT("id", w->id),
	    L_INT("epoch", w->epoch), L_TEXT("said", w->said));
}

void
settle_row(struct jobd *j, int64_t id, const char *word)
{
	struct work *w = work_settling(id);

	if (w == NULL)
		return;
	w->heard = true;
	became(j, w, word);
}

void
settle_heard(struct jobd *j, struct works *list)
{
	struct work *w;

	while ((w = works_take(list)) != NULL) {
		if (!w->heard)
			refused(j, w);
		work_free(w);
	}
}

/*
 * One of them is not to the database's liking: the others must not wait for
 * it. The sweep gives that one back.
 */
static void
settle_one(struct jobd *j, struct work *w)
{
	struct works one = { 0 };
	struct arg args[SETTLE_ARGS];
	struct rows rows;

	works_add(&one, w);
	settle_args(j->cx.mem, &one, args);
	if (db_all(&j->cx, Q_JOB_FINISH, (struct args){ SETTLE_ARGS, args },
		&rows) == RC_OK) {
		if (rows.n > 0)
			settle_row(j, w->id, row_text(rows_at(&rows, 0), 1));
		settle_heard(j, &one);
		return;
	}
	log_fault(&j->cx, "jobd.settle_one");
	rc_forget(&j->cx);
	works_free(&one);
}

void
settle_each(struct jobd *j, struct works *list)
{
	struct work *w;

	while ((w = works_take(list)) != NULL)
		settle_one(j, w);
}
