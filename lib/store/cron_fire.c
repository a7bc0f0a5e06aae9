/* Firing schedules: leaderless, each instant once (queue.md 4). */
#include "base/cron.h"
#include "base/log.h"
#include "store/cron.h"
#include "store/mint.h"

struct due {
	const char *name;
	const char *spec;
	const char *tz;
	const char *kind;
	int64_t at;
	double late_s;
};

static struct due
due_read(struct row row)
{
	return (struct due){
		.name = row_text(row, 0),
		.spec = row_text(row, 1),
		.tz = row_text(row, 2),
		.kind = row_text(row, 3),
		.at = row_int(row, 4),
		.late_s = row_real(row, 5),
	};
}

/* Of a kind that we do not know another jobd may know more. */
static enum rc
due_list(struct cx *cx, int most, struct rows *out)
{
	const char *words[JOB_KINDS];
	int i;

	for (i = 0; i < JOB_KINDS; i++)
		words[i] = job_kind_row((enum job_kind)i)->word;
	return db_all(
	    cx, Q_CRON_DUE, ARGS(a_int(most), a_texts(words, JOB_KINDS)), out);
}

/* Nobody can say when it is due: once is enough to hear that. */
static enum rc
give_up(struct cx *cx, const struct due *due)
{
	struct row row;

	log_warn(cx, "cron.unreadable", L_TEXT("schedule", due->name),
	    L_TEXT("spec", due->spec), L_TEXT("tz", due->tz));
	rc_forget(cx);
	return db_one(cx, Q_CRON_PAUSE, ARGS(a_text(due->name)), &row);
}

/* What was missed meanwhile is one run: the next time is later than now. */
static enum rc
fire(struct cx *cx, const struct due *due, struct cron_fired *out)
{
	const struct job_kind_row *limits =
	    job_kind_row(job_kind_of(due->kind));
	struct slice unique;
	struct row row;
	int64_t next;
	enum rc rc;

	if (cron_next(cx, due->spec, due->tz, due->at + (int64_t)due->late_s,
		&next) != RC_OK)
		return give_up(cx, due);
	TRY(mint_hash(cx,
	    text_fmt(cx->mem, "cron:%s:%lld", due->name, (long long)due->at),
	    &unique));
	rc = db_one(cx, Q_CRON_FIRE,
	    ARGS(a_text(due->name), a_int(due->at), a_int(next),
		a_bytes(unique), a_int(limits->attempts), a_int(limits->soft_s),
		a_int(limits->hard_s)),
	    &row);
	if (rc == RC_ABSENT)
		return RC_OK; /* another jobd did */
	TRY(rc);
	out->lag_s = due->late_s;
	if (row_null(row, 0))
		out->skipped++;
	else
		out->jobs++;
	return RC_OK;
}

enum rc
cron_fire(struct cx *cx, int most, struct cron_fired *out)
{
	struct rows rows;
	size_t i;

	*out = (struct cron_fired){ .lag_s = -1 };
	if (!cx->every_shop)
		return rc_fail(cx, RC_BUG, "one shop's view is not all shops'");
	TRY(due_list(cx, most, &rows));
	for (i = 0; i < rows.n; i++) {
		const struct due due = due_read(rows_at(&rows, i));

		TRY(fire(cx, &due, out));
	}
	return RC_OK;
}
