/*
 * The committer: whatever has come while the last batch was kept is the next
 * batch. When the database is unwell nobody waits for it: requests are answered
 * elsewhere, while here one probe after another looks whether it is back.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/ingest_in.h"

enum { PLACES = 1024, PROBE_MS = 50, PROBE_SPREAD_MS = 100 };

/* ---- repeats: the first of a key is kept, the others are its twins */

static size_t
place_of(struct slice key)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * 16777619u;
	return hash % PLACES;
}

/* Whether it is a repeat. There are always free places. */
static bool
is_twin(struct visit **places, struct visit *v)
{
	size_t at = place_of(v->item.key);
	struct visit *first;

	while ((first = places[at]) != NULL) {
		if (slice_same(first->item.key, v->item.key)) {
			v->twins = first->twins;
			first->twins = v;
			return true;
		}
		at = (at + 1) % PLACES;
	}
	places[at] = v;
	return false;
}

/* Those that are to be kept, into `visits`: how many. */
static size_t
singles(struct visit *list, struct visit **visits)
{
	struct visit *places[PLACES];
	size_t n = 0;

	_Static_assert((int)INGEST_BATCH < (int)PLACES, "a place for each");
	if (list->next != NULL)
		memset(places, 0, sizeof(places));
	for (struct visit *v = list; v != NULL; v = v->next) {
		v->twins = NULL;
		if (list->next == NULL || v->item.key.p == NULL ||
		    !is_twin(places, v))
			visits[n++] = v;
	}
	return n;
}

/* ---- keeping */

static void
refuse(struct committer *c, struct visit *v, enum rc rc)
{
	struct arena_mark mark = arena_mark(c->cx->mem);

	for (; v != NULL; v = v->twins)
		judge_refuse(c->cx, c->program, v, rc);
	arena_back(c->cx->mem, mark);
}

static enum rc
keep(struct committer *c, struct visit **visits, size_t n)
{
	struct ingest_item *items[INGEST_BATCH];

	for (size_t i = 0; i < n; i++)
		items[i] = &visits[i]->item;
	cx_reset(c->cx);
	return c->program->keep(c->cx, items, n);
}

/* What was not kept together is tried by halves, down to the one that is at
 * fault; the others are kept. */
static void
keep_some(struct committer *c, struct visit **visits, size_t n)
{
	enum rc rc = RC_BUSY;

	if (!c->down)
		rc = keep(c, visits, n);
	if (rc == RC_OK)
		return;
	if (rc == RC_STOPPED)
		rc = RC_BUSY;
	c->down |= rc == RC_BUSY;
	if (rc == RC_BUSY || n == 1) {
		for (size_t i = 0; i < n; i++)
			refuse(c, visits[i], rc);
		return;
	}
	keep_some(c, visits, n / 2);
	keep_some(c, visits + n / 2, n - n / 2);
}

static void
keep_list(struct committer *c, struct visit *list)
{
	struct visit *visits[INGEST_BATCH];
	const size_t n = singles(list, visits);

	keep_some(c, visits, n);
}

/* ---- the database is unwell */

/* All that waits is told so; what comes meanwhile is told by its thread. */
static void
turn_away(struct committer *c)
{
	struct visit *list;

	lane_shut(c->from, true);
	while ((list = lane_take(c->from, INGEST_BATCH, SIZE_MAX, 0)) != NULL) {
		for (struct visit *v = list; v != NULL; v = v->next) {
			v->twins = NULL;
			refuse(c, v, RC_BUSY);
		}
		(void)lane_put(c->to, list);
	}
}

static int64_t
moment(void)
{
	/* The microsecond is as good as a die, another in each process. */
	return clock_ms() + PROBE_MS + clock_us() % PROBE_SPREAD_MS;
}

static void
recover(struct committer *c)
{
	const int64_t since = clock_ms();

	turn_away(c);
	log_warn(c->cx, "ingest.down", L_TEXT("why", c->cx->fault.sentence));
	while (!lane_over(c->from)) {
		cx_reset(c->cx);
		c->down = c->program->probe(c->cx) != RC_OK;
		if (!c->down)
			break;
		/* Nothing comes; it ends sooner when we are to stop. */
		(void)lane_take(c->from, 1, 1, moment());
	}
	if (c->down)
		return; /* asked to stop */
	c->tick_ms = 0; /* what is shared may be old */
	lane_shut(c->from, false);
	log_info(c->cx, "ingest.up", L_INT("ms", clock_ms() - since));
}

/* ---- the thread */

void
commit_tick(struct committer *c)
{
	enum rc rc = RC_OK;

	if (clock_ms() < c->tick_ms)
		return;
	cx_reset(c->cx);
	if (c->program->tick != NULL)
		rc = c->program->tick(c->cx);
	c->down = rc == RC_BUSY;
	if (rc != RC_OK && rc != RC_BUSY)
		log_fault(c->cx, "ingest.tick");
	c->tick_ms = clock_ms() + INGEST_TICK_MS;
}

static void
keep_next(struct committer *c)
{
	struct visit *list =
	    lane_take(c->from, INGEST_BATCH, INGEST_BATCH_BYTES, c->tick_ms);

	if (list == NULL)
		return;
	keep_list(c, list);
	(void)lane_put(c->to, list);
}

void
commit_all(struct committer *c)
{
	while (!lane_over(c->from)) {
		if (!c->down)
			commit_tick(c);
		if (!c->down)
			keep_next(c);
		if (c->down)
			recover(c);
	}
}

void
commit_one(struct committer *c, struct visit *v)
{
	v->next = NULL;
	keep_list(c, v);
}
