/*
 * How much is claimed ahead of the children: as much short work as they do in
 * a twentieth of a second, by what runs took so far, and of anything else no
 * more than they can begin at once. What has waited longer than was thought is
 * given back: another jobd may have a child that is free.
 */
#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"

enum {
	AHEAD_US = 50 * 1000,
	OLD_US = 250 * 1000,
	SHORT_S = 10, /* as job_claim has it: what a soft limit may be */
	AT_HAND_US = 1500, /* runs of less may lie ready at a busy child */
	FIRST_US = 10 * 1000, /* before any was measured */
	SHARE = 16 /* of a new measurement in the mean */
};

static bool
may_be_ahead(const struct work *w)
{
	return w->soft_ms <= SHORT_S * 1000 && w->pool == POOL_SYNC;
}

static void
mix(int64_t *mean, int64_t us)
{
	*mean = *mean <= 0 ? us + 1 : *mean + (us - *mean) / SHARE;
}

void
ahead_note(struct jobd *j, const struct work *w, int64_t us)
{
	mix(&j->pool.run_us[w->kind], us);
	if (us > AT_HAND_US) /* what took long once may do so again */
		j->pool.run_us[w->kind] = us;
	j->pool.held_up = false;
	if (may_be_ahead(w))
		mix(&j->pool.short_us, us);
}

static bool
is_short(const struct jobd *j, const struct work *w, int n)
{
	const int64_t us = j->pool.run_us[w->kind];

	return may_be_ahead(w) && us > 0 && us * n < AT_HAND_US;
}

bool
ahead_at_hand(const struct jobd *j, const struct slot *s, const struct work *w)
{
	return s->works.n < SYNC_LETTERS - 1 && is_short(j, w, 1) &&
	       is_short(j, s->works.first, s->works.n);
}

/* ---- room */

/* How many of a pool could begin a job now, and how many have one. */
struct hands {
	int up;
	int free;
	int busy;
};

static struct hands
hands_of(const struct jobd *j, int pool)
{
	const struct places at = slot_places(pool);
	struct hands h = { 0 };

	for (int i = at.from; i < at.to; i++) {
		const struct slot *s = &j->pool.slots[i];
		const int most = slot_most(j, s);

		h.busy += s->works.n;
		if (!slot_open(s))
			continue;
		h.up++;
		h.free += s->works.n < most ? most - s->works.n : 0;
	}
	return h;
}

static int64_t
above_0(int64_t n)
{
	return n > 0 ? n : 0;
}

static int64_t
ahead_most(const struct jobd *j, const struct hands *h)
{
	const int64_t us = j->pool.short_us > 0 ? j->pool.short_us : FIRST_US;
	const int64_t most = h->up + h->up * AHEAD_US / us;

	return most < AHEAD_MAX ? most : AHEAD_MAX;
}

/* Not for a few more, while there is enough. */
static int64_t
room_short(const struct jobd *j, const struct hands *h)
{
	const int waiting = j->pool.waiting[POOL_SYNC].n;
	const int64_t most = ahead_most(j, h);
	const int64_t room = above_0(most - waiting - h->busy);

	if (j->pool.held_up)
		return above_0(h->free - waiting);
	return waiting > 0 && room < most / 2 ? 0 : room;
}

void
ahead_room(const struct jobd *j, int64_t room[ROOMS])
{
	const struct works *waiting = j->pool.waiting;
	const struct hands sync = hands_of(j, POOL_SYNC);
	const struct hands io = hands_of(j, POOL_IO);
	const struct hands alone = hands_of(j, POOL_ALONE);

	room[ROOM_SHORT] = room_short(j, &sync);
	room[ROOM_LONG] = above_0(sync.free - waiting[POOL_SYNC].n);
	room[ROOM_IO] = above_0(io.free - waiting[POOL_IO].n);
	room[ROOM_ALONE] = alone.busy + waiting[POOL_ALONE].n == 0;
	if (j->once)
		room[ROOM_ALONE] = room[ROOM_LONG];
}

/* ---- too much */

/* None of them has begun. */
static void
give_back(struct jobd *j, struct works *waiting)
{
	struct work *w;

	while ((w = works_take(waiting)) != NULL)
		settle_add(j, w, "orphaned", NULL, 0);
}

/* One that is to be buried is a child's in any case, and a pool without a child
 * yet has been promised one. */
int64_t
ahead_next_ms(const struct jobd *j)
{
	const struct work *first = j->pool.waiting[POOL_SYNC].first;

	if (first == NULL || first->dead != NULL ||
	    slots_count(j, POOL_SYNC, SLOT_UP) == 0)
		return INT64_MAX;
	return (first->since_us + OLD_US) / 1000 + 1;
}

/* The children are busy with what takes longer than all before: what was
 * thought of that is forgotten, and until one ends no more is claimed ahead. */
void
ahead_trim(struct jobd *j)
{
	struct works *waiting = &j->pool.waiting[POOL_SYNC];

	if (clock_ms() < ahead_next_ms(j))
		return;
	log_info(&j->cx, "jobd.given_back", L_INT("jobs", waiting->n));
	j->pool.short_us = FIRST_US;
	j->pool.held_up = true;
	give_back(j, waiting);
}

void
ahead_return(struct jobd *j)
{
	for (int pool = 0; pool < POOLS; pool++)
		give_back(j, &j->pool.waiting[pool]);
}

void
ahead_drop(struct jobd *j)
{
	for (int pool = 0; pool < POOLS; pool++)
		works_free(&j->pool.waiting[pool]);
}
