/*
 * Claims: for the children that are idle, in turn from the queues that have
 * something ready. What a queue gives, and to which shops, is job_claim's to
 * decide (sql/migrations/0006).
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

/* A queue of more ready shops than job_claim looks at is gone through in
 * turns; below that, strict priority holds among all of them. */
enum { LANES = 256 };
/* After a claim in vain (a cap, a rate, another jobd at the same queue). */
enum { PAUSE_MS = 20 };

/* A queue that has something ready. */
struct ready {
	int64_t id;
	const char *name;
	bool many; /* more shops than LANES */
	bool more; /* gave all that was asked for */
};

void
claim_ask(struct jobd *j, const char *by)
{
	j->claims.wanted = true;
	if (by == NULL)
		return;
	j->claims.pause_ms = 0;
	count_add(M_jobd_wakes_total, text_fmt(j->cx.mem, "by=\"%s\"", by), 1);
}

bool
claim_due(const struct jobd *j)
{
	return j->worker_id != 0 && j->drain_ms < 0 && db_may(j) &&
	       j->settle.n < SETTLE_MAX / 2 && pool_count(j, SLOT_IDLE) > 0 &&
	       (j->claims.wanted || clock_ms() >= j->claims.poll_ms);
}

static struct queue_place *
place_of(struct claims *c, int64_t id)
{
	for (size_t i = 0; i < c->places_n; i++)
		if (c->places[i].id == id)
			return &c->places[i];
	if (c->places_n == QUEUES_MAX)
		c->places_n = 0;
	c->places[c->places_n] = (struct queue_place){ id, -1 };
	return &c->places[c->places_n++];
}

/* ---- a claimed row becomes a slot's work */

static const char *
trace_of(struct arena *mem, struct row row)
{
	return text_of(mem, row_bytes(row, 12));
}

static void
read_work(struct slot *s, struct row row, const char *queue)
{
	s->work = (struct work){
		.id = row_int(row, 0),
		.epoch = row_int(row, 5),
		.kind = job_kind_of(row_text(row, 3)),
		.queue = text_dup(s->mem, queue),
		.shop_id = row_int(row, 2),
		.shop_epoch = row_int(row, 11),
		.attempt = row_int(row, 6),
		.max_attempts = row_int(row, 7),
		.crashes = row_int(row, 8),
		.soft_ms = row_int(row, 9) * 1000,
		.hard_ms = row_int(row, 10) * 1000,
		.args = text_dup(s->mem, row_text(row, 4)),
		.trace = trace_of(s->mem, row),
	};
	s->has_work = true;
}

/* Of a newer program than this, which is there or will be. */
enum { UNKNOWN_FLOOR_S = 30 };

static void
give(struct jobd *j, struct row row, const char *queue)
{
	struct slot *s = pool_idle(j);
	const char *kind = row_text(row, 3);

	if (s == NULL) /* more than we asked for: the sweep gives it back */
		return;
	read_work(s, row, queue);
	if (s->work.kind == JOB_KINDS) {
		log_warn(&j->cx, "jobd.unknown_kind", L_TEXT("kind", kind),
		    L_INT("id", s->work.id));
		settle_add(j, &s->work, "snoozed",
		    text_fmt(j->cx.mem, "this jobd knows no kind %s", kind),
		    UNKNOWN_FLOOR_S);
		work_forget(s);
		return;
	}
	count_seconds(M_jobd_wait_seconds,
	    text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\"", queue, kind),
	    row_real(row, 15));
	work_start(j, s);
}

/* ---- one queue */

static enum rc
ask(struct jobd *j, const struct ready *q, int want, int64_t after,
    struct rows *out)
{
	const int64_t began = clock_us();
	const enum rc rc = db_all(&j->cx, Q_JOB_CLAIM,
	    ARGS(a_int(q->id), a_int(j->worker_id), a_int(want), a_int(after),
		a_int(LANES)),
	    out);

	count_seconds(
	    M_jobd_claim_seconds, NULL, (double)(clock_us() - began) / 1e6);
	return rc;
}

/* Behind the last shop that got something; at the end, from the first again. */
static int64_t
next_after(const struct ready *q, const struct rows *rows, int want)
{
	int64_t last = -1;

	if (!q->many || rows->n < (size_t)want)
		return -1;
	for (size_t i = 0; i < rows->n; i++) {
		const int64_t shop = row_int(rows_at(rows, i), 2);

		last = shop > last ? shop : last;
	}
	return last;
}

/* How many it gave; -1 when the database did not answer. */
static int
claim_queue(struct jobd *j, struct ready *q, int want)
{
	struct queue_place *place = place_of(&j->claims, q->id);
	struct rows rows;

	if (!db_went(j, ask(j, q, want, place->after, &rows), "jobd.claim")) {
		j->beat_ms = clock_ms(); /* perhaps the lease is lost */
		return -1;
	}
	place->after = next_after(q, &rows, want);
	for (size_t i = 0; i < rows.n; i++)
		give(j, rows_at(&rows, i), q->name);
	q->more = rows.n == (size_t)want;
	j->claims.last = q->id;
	if (rows.n > 0)
		count_add(M_jobd_claimed_total,
		    text_fmt(j->cx.mem, "queue=\"%s\"", q->name),
		    (int64_t)rows.n);
	return (int)rows.n;
}

/* ---- all of them */

static bool
ready_list(struct jobd *j, struct ready **out, size_t *n)
{
	struct rows rows;

	*n = 0;
	if (!db_went(j,
		db_all(&j->cx, Q_QUEUE_READY, ARGS(a_int(LANES + 1)), &rows),
		"jobd.claim"))
		return false;
	*out = ARENA_ARRAY(j->cx.mem, struct ready, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct ready){
			.id = row_int(row, 0),
			.name = row_text(row, 1),
			.many = row_int(row, 2) > LANES,
			.more = true,
		};
	}
	*n = rows.n;
	return true;
}

/* The queue behind the one that was asked last is asked first. */
static size_t
first_of(const struct jobd *j, const struct ready *list, size_t n)
{
	size_t i = 0;

	while (i < n && list[i].id <= j->claims.last)
		i++;
	return i < n ? i : 0;
}

/* Each its share of the idle children; -1 when the database did not answer. */
static int
claim_round(struct jobd *j, struct ready *list, size_t n)
{
	const size_t first = first_of(j, list, n);
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		struct ready *q = &list[(first + i) % n];
		const int idle = pool_count(j, SLOT_IDLE);
		const int left = (int)(n - i);
		int got;

		if (idle == 0)
			break;
		if (!q->more)
			continue;
		got = claim_queue(j, q, (idle + left - 1) / left);
		if (got < 0)
			return -1;
		sum += got;
	}
	return sum;
}

static void
plan(struct jobd *j, int sum)
{
	struct claims *c = &j->claims;

	c->wanted = false;
	c->pause_ms = sum > 0 ? 0 : c->pause_ms * 2 + PAUSE_MS;
	if (c->pause_ms > POLL_MS)
		c->pause_ms = POLL_MS;
	c->poll_ms =
	    clock_ms() + about(c->pause_ms > 0 ? c->pause_ms : POLL_MS);
}

void
claim_jobs(struct jobd *j)
{
	struct ready *list;
	size_t n;
	int got;
	int sum = 0;

	if (!j->claims.wanted)
		count_add(M_jobd_wakes_total, "by=\"poll\"", 1);
	if (!ready_list(j, &list, &n))
		return;
	if (n == 0)
		j->claims.pause_ms = POLL_MS;
	do {
		got = n > 0 ? claim_round(j, list, n) : 0;
		sum += got > 0 ? got : 0;
	} while (got > 0 && pool_count(j, SLOT_IDLE) > 0);
	plan(j, sum);
	j->nothing_due = sum == 0;
}
