/*
 * A turn to the database: what has ended is settled and more is claimed, in one
 * statement and one commit, so that the caps which that frees are free. jobd
 * does not wait for it: the children go on meanwhile, and what they end goes
 * with the next one.
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/wait.h"
#include "jobd.h"

static bool
is_time(int64_t at_ms)
{
	return at_ms <= clock_ms();
}

/* ---- sending */

/* job_turn takes job_finish's arguments, and job_take's behind them. */
static enum rc
send(struct jobd *j, bool claims)
{
	struct db_turn *t = &j->turn;
	struct arg args[SETTLE_ARGS + CLAIM_ARGS];
	size_t n = 0;
	enum query q;

	if (t->settling.n > 0) {
		settle_args(t->cx.mem, &t->settling, args);
		n = SETTLE_ARGS;
	}
	if (claims) {
		ahead_room(j, t->room);
		claim_args(j, t->cx.mem, t->room, args + n);
		n += CLAIM_ARGS;
	}
	q = n == SETTLE_ARGS  ? Q_JOB_FINISH
	    : n == CLAIM_ARGS ? Q_JOB_TAKE
			      : Q_JOB_TURN;
	return db_send(&t->cx, q, (struct args){ n, args }, &t->sent);
}

/* What was under way is to be sent again, before what ended later. */
static void
put_back(struct jobd *j)
{
	struct works list = j->turn.settling;

	works_move(&j->ended, &list);
	j->ended = list;
	j->turn.settling = (struct works){ 0 };
	j->flush_ms = clock_ms();
}

static void
forget(struct db_turn *t)
{
	t->sent = NULL;
	cx_reset(&t->cx);
}

static void
begin(struct jobd *j, bool claims)
{
	struct db_turn *t = &j->turn;
	enum rc rc;

	t->cx.db = j->cx.db;
	t->cx.program = j->cx.program;
	t->cx.every_shop = true; /* each job's shop and its epoch */
	t->began_us = clock_us();
	t->claims = claims;
	t->settling = j->ended;
	j->ended = (struct works){ 0 };
	rc = send(j, claims);
	if (rc == RC_OK)
		return;
	(void)db_went_of(j, &t->cx, rc, "jobd.turn");
	put_back(j);
	forget(t);
}

void
turn_send(struct jobd *j)
{
	const int64_t claim_ms = claim_next_ms(j);
	const bool settle = is_time(settle_next_ms(j));
	const bool claim = is_time(claim_ms);

	if (j->turn.sent != NULL || !db_may(j))
		return;
	if (claim && !j->claims.wanted)
		count_add(M_jobd_wakes_total, "by=\"poll\"", 1);
	if (j->claims.apart && j->ended.n > 0)
		begin(j, false);
	else if (settle || claim)
		/* What the settlement frees may be had at once. */
		begin(j, claim_ms != INT64_MAX);
}

/* ---- the answer */

static void
count_time(const struct db_turn *t, bool settled)
{
	const double s = (double)(clock_us() - t->began_us) / 1e6;

	if (settled)
		count_seconds(M_jobd_settle_seconds, NULL, s);
	if (t->claims)
		count_seconds(M_jobd_claim_seconds, NULL, s);
}

static void
heard(struct jobd *j, const struct rows *rows)
{
	struct db_turn *t = &j->turn;
	const bool settled = t->settling.n > 0;
	const bool alone =
	    settled && !t->claims; /* job_finish: no more columns */

	count_time(t, settled);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row row = rows_at(rows, i);

		if (alone)
			settle_row(j, row_int(row, 0), row_text(row, 1));
		else if (!row_null(row, COL_BECAME))
			settle_row(
			    j, row_int(row, COL_ID), row_text(row, COL_BECAME));
	}
	settle_heard(j, &t->settling);
	if (t->claims)
		claim_heard(j, t->room, rows);
	else
		claim_ask(j, NULL);
}

/*
 * Lost on its way: it is sent again, and who is refused then may have gone
 * through. Refused by the database: perhaps the lease is lost, or one of the
 * settlements is to blame, or the claim, which then comes alone.
 */
static void
failed(struct jobd *j, enum rc rc)
{
	struct db_turn *t = &j->turn;

	if (rc != RC_BUSY && !t->claims) {
		settle_each(j, &t->settling);
		return;
	}
	for (struct work *w = t->settling.first; w != NULL; w = w->next) {
		w->repeated |= rc == RC_BUSY;
		w->settling = false;
	}
	put_back(j);
	if (!t->claims)
		return;
	j->beat_ms = clock_ms();
	j->claims.poll_ms = clock_ms() + about(POLL_MS);
	j->claims.apart = true;
}

void
turn_take(struct jobd *j)
{
	struct db_turn *t = &j->turn;
	struct rows rows;
	enum rc rc;

	if (t->sent == NULL)
		return;
	rc = db_sent_take(t->sent, &rows);
	if (rc == RC_ABSENT)
		return;
	if (db_went_of(j, &t->cx, rc, "jobd.turn"))
		heard(j, &rows);
	else
		failed(j, rc);
	forget(t);
}

void
turn_end(struct jobd *j, int64_t until_ms)
{
	while (j->turn.sent != NULL && clock_ms() < until_ms) {
		struct wait_fd fd = turn_fd(j);

		(void)!wait_any(NULL, &fd, 1, until_ms);
		turn_take(j);
	}
}

struct wait_fd
turn_fd(const struct jobd *j)
{
	bool writes;
	const int fd = db_sent_fd(j->turn.sent, &writes);

	return (struct wait_fd){
		.fd = fd,
		.want = WAIT_READ | (writes ? WAIT_WRITE : 0),
	};
}

void
turn_discard(struct jobd *j)
{
	if (j->turn.sent != NULL)
		db_sent_drop(j->turn.sent);
	works_free(&j->turn.settling);
	works_free(&j->ended);
	forget(&j->turn);
}
