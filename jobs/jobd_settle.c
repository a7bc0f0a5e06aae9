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

static void
add(struct jobd *j, const struct settlement *new)
{
	struct settle *t = &j->settle;

	if (t->n == 0)
		t->since_ms = clock_ms();
	t->list[t->n++] = *new;
}

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
settle_add(struct jobd *j, const struct work *w, const char *said,
    const char *error, double floor_s)
{
	const struct settlement new = {
		.id = w->id,
		.epoch = w->epoch,
		.said = said,
		.error = clean(j->settle.mem, error),
		.floor_s = floor_s,
		.kind = w->kind,
		.queue = text_dup(j->settle.mem, w->queue),
	};

	/* Cannot be: there are fewer children, and no claims meanwhile. Were
	 * it so, the sweep would find the job to be a stray. */
	if (j->settle.n < SETTLE_MAX)
		add(j, &new);
}

void
settle_stray(struct jobd *j, int64_t id, int64_t epoch)
{
	const struct settlement new = {
		.id = id,
		.epoch = epoch,
		.said = "orphaned",
		.error = "its claim's answer was lost",
		.kind = JOB_KINDS,
	};

	if (j->settle.n < SETTLE_MAX)
		add(j, &new);
}

bool
settle_has(const struct jobd *j, int64_t id, int64_t epoch)
{
	for (size_t i = 0; i < j->settle.n; i++)
		if (j->settle.list[i].id == id &&
		    j->settle.list[i].epoch == epoch)
			return true;
	return false;
}

/* Waits for company, unless there is nobody whom it could wait for. */
bool
settle_due(const struct jobd *j)
{
	const struct settle *t = &j->settle;

	return t->n > 0 &&
	       (t->n == SETTLE_MAX || clock_ms() >= t->since_ms + FLUSH_MS ||
		   pool_count(j, SLOT_BUSY) == 0);
}

void
settle_discard(struct jobd *j)
{
	j->settle.n = 0;
	j->settle.repeated = false;
	arena_empty(j->settle.mem);
}

/* ---- what became of them */

static const char *
labels_of(struct jobd *j, const struct settlement *s, const char *outcome)
{
	const char *kind =
	    s->kind == JOB_KINDS ? "" : job_kind_row(s->kind)->word;
	const char *queue = s->queue == NULL ? "" : s->queue;

	if (outcome == NULL)
		return text_fmt(
		    j->cx.mem, "queue=\"%s\",kind=\"%s\"", queue, kind);
	return text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\",outcome=\"%s\"",
	    queue, kind, outcome);
}

/* One that waits for its next run is due when we said; others are not ours. */
static void
put_back(struct jobd *j, const struct settlement *s)
{
	const int64_t due = clock_ms() + (int64_t)(s->floor_s * 1000) + 1;

	if (s->floor_s * 1000 > SWEEP_MS)
		return;
	if (j->stage_ms < 0 || due < j->stage_ms)
		j->stage_ms = due;
}

static void
became(struct jobd *j, const struct settlement *s, const char *word)
{
	if (text_same(word, "completed") || text_same(word, "dead") ||
	    text_same(word, "cancelled"))
		count_add(M_jobd_finished_total, labels_of(j, s, word), 1);
	if (text_same(word, "retry") || text_same(word, "lost"))
		count_add(M_jobd_retries_total, labels_of(j, s, NULL), 1);
	if (text_same(word, "snoozed"))
		put_back(j, s);
}

static void
refused(struct jobd *j, const struct settlement *s)
{
	/* The first time it may have gone through, unheard. */
	if (j->settle.repeated)
		return;
	count_add(M_jobd_refused_total, NULL, 1);
	log_warn(&j->cx, "jobd.refused", L_INT("id", s->id),
	    L_INT("epoch", s->epoch), L_TEXT("said", s->said));
}

static void
compare(struct jobd *j, const struct rows *rows, const struct settlement *s)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct row row = rows_at(rows, i);

		if (row_int(row, 0) == s->id) {
			became(j, s, row_text(row, 1));
			return;
		}
	}
	refused(j, s);
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
columns_of(struct arena *mem, const struct settlement *list, size_t n)
{
	struct columns c = {
		.id = ARENA_ARRAY(mem, int64_t, n),
		.epoch = ARENA_ARRAY(mem, int64_t, n),
		.said = ARENA_ARRAY(mem, const char *, n),
		.error = ARENA_ARRAY(mem, const char *, n),
		.floor = ARENA_ARRAY(mem, const char *, n),
	};

	for (size_t i = 0; i < n; i++) {
		c.id[i] = list[i].id;
		c.epoch[i] = list[i].epoch;
		c.said[i] = list[i].said;
		c.error[i] = list[i].error;
		c.floor[i] = text_fmt(mem, "%.3f", list[i].floor_s);
	}
	return c;
}

static enum rc
send(struct jobd *j, const struct settlement *list, size_t n)
{
	const struct columns c = columns_of(j->cx.mem, list, n);
	const int64_t began = clock_us();
	struct rows rows;

	TRY(db_all(&j->cx, Q_JOB_FINISH,
	    ARGS(a_ints(c.id, n), a_ints(c.epoch, n), a_texts(c.said, n),
		a_null(), a_texts(c.error, n), a_texts(c.floor, n)),
	    &rows));
	count_seconds(
	    M_jobd_settle_seconds, NULL, (double)(clock_us() - began) / 1e6);
	for (size_t i = 0; i < n; i++)
		compare(j, &rows, &list[i]);
	return RC_OK;
}

/*
 * One of them is not to the database's liking: the others must not wait for
 * it. The sweep gives that one back.
 */
static void
send_each(struct jobd *j)
{
	for (size_t i = 0; i < j->settle.n; i++)
		if (send(j, &j->settle.list[i], 1) != RC_OK) {
			log_fault(&j->cx, "jobd.settle_one");
			rc_forget(&j->cx);
		}
}

void
settle_flush(struct jobd *j)
{
	enum rc rc;

	if (j->settle.n == 0 || !db_may(j))
		return;
	rc = send(j, j->settle.list, j->settle.n);
	if (!db_went(j, rc, "jobd.settle") && rc == RC_BUSY) {
		j->settle.repeated = true;
		return;
	}
	if (rc != RC_OK)
		send_each(j);
	settle_discard(j);
	claim_ask(j, NULL);
}
