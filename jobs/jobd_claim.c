/*
 * Claims: from all queues that have something ready, as much as there is room
 * for. What a queue gives, and to which shops, is for job_take to decide
 * (sql/migrations/0015).
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "jobd.h"

/* A queue of more ready shops than job_take looks at is gone through in
 * turns; below that, strict priority holds among all of them. */
enum { LANES = 256 };
/* After a claim in vain (a cap, a rate, another jobd at the same queue). */
enum { PAUSE_MS = 20 };
/* Of a newer program than this, which is there or will be. */
enum { UNKNOWN_FLOOR_S = 30 };

void
claim_ask(struct jobd *j, const char *by)
{
	j->claims.wanted = true;
	if (by == NULL)
		return;
	j->claims.pause_ms = 0;
	count_add(M_jobd_wakes_total, text_fmt(j->cx.mem, "by=\"%s\"", by), 1);
}

int64_t
claim_next_ms(const struct jobd *j)
{
	int64_t room[ROOMS];

	if (j->worker_id == 0 || j->drain_ms >= 0 || j->ended.n > AHEAD_MAX)
		return INT64_MAX;
	ahead_room(j, room);
	if (room[ROOM_SHORT] + room[ROOM_IO] + room[ROOM_ALONE] == 0)
		return INT64_MAX;
	return j->claims.wanted ? 0 : j->claims.poll_ms;
}

/* ---- asking */

static struct queue_place *
place_of(struct claims *c, int64_t id)
{
	for (size_t i = 0; i < c->places_n; i++)
		if (c->places[i].id == id)
			return &c->places[i];
	if (c->places_n == QUEUES_MAX)
		c->places_n = 0;
	c->places[c->places_n] = (struct queue_place){
		.id = id,
		.after = -1,
		.name = "",
	};
	return &c->places[c->places_n++];
}

/* All kinds of the io pool; none, where the one child runs everything. */
static struct arg
io_kinds(const struct jobd *j, struct arena *mem)
{
	const char **list = ARENA_ARRAY(mem, const char *, JOB_KINDS);
	size_t n = 0;

	for (int i = 0; i < JOB_KINDS; i++)
		if (job_kind_row((enum job_kind)i)->pool == POOL_IO && !j->once)
			list[n++] = job_kind_row((enum job_kind)i)->word;
	return a_texts(list, n);
}

void
claim_args(struct jobd *j, struct arena *mem, const int64_t room[ROOMS],
    struct arg args[CLAIM_ARGS])
{
	const struct claims *c = &j->claims;
	int64_t *ids = ARENA_ARRAY(mem, int64_t, c->places_n + 1);
	int64_t *after = ARENA_ARRAY(mem, int64_t, c->places_n + 1);

	for (size_t i = 0; i < c->places_n; i++) {
		ids[i] = c->places[i].id;
		after[i] = c->places[i].after;
	}
	args[0] = a_int(j->worker_id);
	args[1] = a_ints(room, ROOMS);
	args[2] = io_kinds(j, mem);
	args[3] = a_int(c->last);
	args[4] = a_ints(ids, c->places_n);
	args[5] = a_ints(after, c->places_n);
	args[6] = a_int(LANES);
	j->claims.wanted = false;
}

/* ---- a row becomes a work that waits */

static int
pool_of(const struct jobd *j, const struct work *w, bool suspect)
{
	if (j->once || w->kind == JOB_KINDS)
		return POOL_SYNC;
	return suspect ? POOL_ALONE : (int)job_kind_row(w->kind)->pool;
}

static struct work *
read_work(struct jobd *j, struct haul *h, struct row row, const char *queue)
{
	struct work *w =
	    work_new(h, row_int(row, COL_ID), row_int(row, COL_EPOCH));
	struct arena *mem = haul_mem(h);

	w->kind = job_kind_of(row_text(row, COL_KIND));
	w->pool = pool_of(j, w, row_bool(row, COL_SUSPECT));
	w->queue = queue;
	w->priority = (int)row_int(row, COL_PRIORITY);
	w->shop_id = row_int(row, COL_SHOP);
	w->shop_epoch = row_int(row, COL_SHOP_EPOCH);
	w->shop_now =
	    row_null(row, COL_SHOP_NOW) ? -1 : row_int(row, COL_SHOP_NOW);
	w->attempt = row_int(row, COL_ATTEMPT);
	w->max_attempts = row_int(row, COL_MAX_ATTEMPTS);
	w->crashes = row_int(row, COL_CRASHES);
	w->soft_ms = row_int(row, COL_SOFT_S) * 1000;
	w->hard_ms = row_int(row, COL_HARD_S) * 1000;
	w->args = text_dup(mem, row_text(row, COL_ARGS));
	w->trace = text_of(mem, row_bytes(row, COL_TRACE));
	w->since_us = clock_us();
	return w;
}

static void
not_known(struct jobd *j, struct work *w, const char *kind)
{
	log_warn(&j->cx, "jobd.unknown_kind", L_TEXT("kind", kind),
	    L_INT("id", w->id));
	settle_add(j, w, "snoozed",
	    text_fmt(j->cx.mem, "this jobd knows no kind %s", kind),
	    UNKNOWN_FLOOR_S);
}

static struct work *
take(struct jobd *j, struct haul *h, struct row row)
{
	struct queue_place *place =
	    place_of(&j->claims, row_int(row, COL_QUEUE_ID));
	struct work *w = read_work(j, h, row, place->name);
	const char *kind = row_text(row, COL_KIND);

	place->got++;
	if (w->kind == JOB_KINDS) {
		not_known(j, w, kind);
		return w;
	}
	count_seconds(M_jobd_wait_seconds,
	    text_fmt(j->cx.mem, "queue=\"%s\",kind=\"%s\"", w->queue, kind),
	    row_real(row, COL_WAITED_S));
	works_sort_in(&j->pool.waiting[w->pool], w);
	return w;
}

/* ---- the answer */

/* Rows without a number: where to begin in that queue the next time. */
static int
take_places(struct jobd *j, const struct rows *rows)
{
	struct claims *c = &j->claims;
	int ready = 0;

	for (size_t i = 0; i < c->places_n; i++)
		c->places[i].after = -1;
	for (size_t i = rows->n; i > 0; i--) {
		const struct row row = rows_at(rows, i - 1);
		struct queue_place *place;

		if (!row_null(row, COL_ID))
			break;
		place = place_of(c, row_int(row, COL_QUEUE_ID));
		place->after = row_int(row, COL_AFTER);
		place->got = 0;
		if (*place->name == '\0')
			place->name =
			    text_dup(c->names, row_text(row, COL_QUEUE));
		c->last = place->id; /* in the end the first of them */
		ready++;
	}
	return ready;
}

static void
count_claimed(struct jobd *j)
{
	struct claims *c = &j->claims;

	for (size_t i = 0; i < c->places_n; i++) {
		if (c->places[i].got > 0)
			count_add(M_jobd_claimed_total,
			    text_fmt(
				j->cx.mem, "queue=\"%s\"", c->places[i].name),
			    c->places[i].got);
		c->places[i].got = 0;
	}
}

/* How many of each class came. */
struct got {
	int64_t n[ROOMS];
	int64_t sum;
};

static void
add_got(struct got *g, const struct work *w)
{
	static const enum room rooms[POOLS] = {
		[POOL_SYNC] = ROOM_SHORT,
		[POOL_IO] = ROOM_IO,
		[POOL_ALONE] = ROOM_ALONE,
	};

	g->n[rooms[w->pool]]++;
	g->sum++;
}

/* All that there was room for, or a queue's share of it, or of some shops. */
static bool
may_be_more(const struct jobd *j, const int64_t room[ROOMS],
    const struct got *g, int ready)
{
	for (int i = 0; i < ROOMS; i++)
		if (g->n[i] > 0 && g->n[i] >= room[i])
			return true;
	for (size_t i = 0; i < j->claims.places_n; i++)
		if (j->claims.places[i].after >= 0)
			return true;
	return ready > 1 && g->sum > 0;
}

/* In vain: not at once again, and less and less often. */
static void
plan(struct jobd *j, bool more, const struct got *g, int ready)
{
	struct claims *c = &j->claims;

	c->wanted |= more;
	c->pause_ms = g->sum > 0 ? 0 : c->pause_ms * 2 + PAUSE_MS;
	if (c->pause_ms > POLL_MS || ready == 0)
		c->pause_ms = POLL_MS;
	c->poll_ms =
	    clock_ms() + about(c->pause_ms > 0 ? c->pause_ms : POLL_MS);
}

void
claim_heard(struct jobd *j, const int64_t room[ROOMS], const struct rows *rows)
{
	const int ready = take_places(j, rows);
	struct haul *h = haul_new();
	struct got got = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		const struct row row = rows_at(rows, i);

		if (row_null(row, COL_BECAME) && !row_null(row, COL_ID))
			add_got(&got, take(j, h, row));
	}
	haul_done(h);
	count_claimed(j);
	plan(j, may_be_more(j, room, &got, ready), &got, ready);
	j->claims.apart = false;
	j->nothing_due = got.sum == 0;
}
