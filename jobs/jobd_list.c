/*
 * The jobs that are ours: where their texts lie, the lists they go through
 * (waiting, with a child, ended), and a table by their number.
 */
#include <assert.h>
#include <stdlib.h>

#include "jobd.h"

enum { BUCKETS = 4096 };

/* As many as there are works; the arena goes with the last. */
struct haul {
	struct arena *mem;
	int left;
};

static struct work *buckets[BUCKETS];

struct haul *
haul_new(void)
{
	struct arena *mem = arena_new();
	struct haul *h = ARENA_NEW(mem, struct haul);

	h->mem = mem;
	h->left = 1;
	return h;
}

struct arena *
haul_mem(struct haul *h)
{
	return h->mem;
}

void
haul_done(struct haul *h)
{
	if (--h->left == 0)
		arena_free(h->mem);
}

/* ---- by number */

static struct work **
bucket_of(int64_t id)
{
	return &buckets[(uint64_t)id % BUCKETS];
}

struct work *
work_new(struct haul *h, int64_t id, int64_t epoch)
{
	struct work *w = ARENA_NEW(h->mem, struct work);
	struct work **bucket = bucket_of(id);

	w->id = id;
	w->epoch = epoch;
	w->haul = h;
	w->next_by_id = *bucket;
	*bucket = w;
	h->left++;
	return w;
}

void
work_free(struct work *w)
{
	struct work **at = bucket_of(w->id);

	while (*at != w)
		at = &(*at)->next_by_id;
	*at = w->next_by_id;
	haul_done(w->haul);
}

struct work *
work_find(int64_t id, int64_t epoch)
{
	struct work *w = *bucket_of(id);

	while (w != NULL && (w->id != id || w->epoch != epoch))
		w = w->next_by_id;
	return w;
}

struct work *
work_settling(int64_t id)
{
	struct work *w = *bucket_of(id);

	while (w != NULL && (w->id != id || !w->settling))
		w = w->next_by_id;
	return w;
}

/* ---- lists */

void
works_add(struct works *l, struct work *w)
{
	w->next = NULL;
	if (l->last != NULL)
		l->last->next = w;
	else
		l->first = w;
	l->last = w;
	l->n++;
}

void
works_push(struct works *l, struct work *w)
{
	w->next = l->first;
	l->first = w;
	if (l->last == NULL)
		l->last = w;
	l->n++;
}

/* As a rule it goes behind the last. */
void
works_sort_in(struct works *l, struct work *w)
{
	struct work **at = &l->first;

	if (l->last == NULL || l->last->priority <= w->priority) {
		works_add(l, w);
		return;
	}
	while ((*at)->priority <= w->priority)
		at = &(*at)->next;
	w->next = *at;
	*at = w;
	l->n++;
}

struct work *
works_take(struct works *l)
{
	struct work *w = l->first;

	if (w != NULL)
		works_remove(l, w);
	return w;
}

void
works_remove(struct works *l, struct work *w)
{
	struct work *before = NULL;
	struct work *at = l->first;

	for (; at != w; at = at->next) {
		assert(at != NULL);
		before = at;
	}
	if (before == NULL)
		l->first = w->next;
	else
		before->next = w->next;
	if (l->last == w)
		l->last = before;
	w->next = NULL;
	l->n--;
}

void
works_move(struct works *from, struct works *to)
{
	struct work *w;

	while ((w = works_take(from)) != NULL)
		works_add(to, w);
}

void
works_free(struct works *l)
{
	struct work *w;

	while ((w = works_take(l)) != NULL)
		work_free(w);
}
