/* Batches that are mapped, and a heap of what of them is to be sent when. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "sender_in.h"

/* ---- the heap */

static bool
before(const struct item *a, const struct item *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->turn < b->turn;
}

static void
swap(struct item *a, struct item *b)
{
	const struct item kept = *a;

	*a = *b;
	*b = kept;
}

static void
rise(struct queue *q, size_t i)
{
	while (i > 0 && before(&q->heap[i], &q->heap[(i - 1) / 2])) {
		swap(&q->heap[i], &q->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void
sink(struct queue *q, size_t i)
{
	size_t least, child;

	for (;;) {
		least = i;
		for (child = 2 * i + 1; child <= 2 * i + 2; child++)
			if (child < q->n &&
			    before(&q->heap[child], &q->heap[least]))
				least = child;
		if (least == i)
			return;
		swap(&q->heap[i], &q->heap[least]);
		i = least;
	}
}

static void
grow(struct queue *q)
{
	const size_t cap = q->cap ? 2 * q->cap : 64;
	struct item *more = ARENA_ARRAY(q->mem, struct item, cap);

	if (q->n > 0)
		memcpy(more, q->heap, q->n * sizeof(*more));
	q->heap = more;
	q->cap = cap;
}

void
queue_put(struct queue *q, const struct item *item, int64_t due_ms)
{
	if (q->n == q->cap)
		grow(q);
	q->heap[q->n] = *item;
	q->heap[q->n].due_ms = due_ms;
	q->heap[q->n].turn = q->turns++;
	rise(q, q->n++);
}

struct item
queue_take(struct queue *q)
{
	const struct item first = q->heap[0];

	q->heap[0] = q->heap[--q->n];
	sink(q, 0);
	return first;
}

/* ---- batches */

static const char *
path_of(struct cx *cx, const struct queue *q, const char *name)
{
	return text_fmt(cx->mem, "%s/%s", q->folder, name);
}

static void
drop_batch(struct queue *q, struct batch *b)
{
	struct batch **at = &q->batches;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	spool_unmap(&b->map);
	arena_free(b->mem);
}

static void
remove_batch(struct cx *cx, struct queue *q, struct batch *b)
{
	const char *path = path_of(cx, q, b->name);

	if (unlink(path) < 0 && errno != ENOENT)
		log_err(cx, "sender.unlink", L_TEXT("path", path),
		    L_TEXT("error", strerror(errno)));
	drop_batch(q, b);
}

void
queue_over(struct cx *cx, struct queue *q, const struct item *item)
{
	if (--item->batch->waiting == 0)
		remove_batch(cx, q, item->batch);
}

static bool
has(const struct queue *q, const char *name)
{
	const struct batch *b = q->batches;

	while (b != NULL && !text_same(b->name, name))
		b = b->next;
	return b != NULL;
}

static void
put_all(struct queue *q, struct batch *b)
{
	struct item item = { .batch = b };
	size_t at = 0;

	while ((item.head = spool_next(&b->map, &at)) != NULL)
		if (item.head->state == SPOOL_WAITS) {
			b->waiting++;
			queue_put(q, &item, item.head->due_ms);
		}
}

static struct batch *
new_batch(const char *name)
{
	struct arena *mem = arena_new();
	struct batch *b = ARENA_NEW(mem, struct batch);

	b->mem = mem;
	b->name = text_dup(mem, name);
	return b;
}

void
queue_load(struct cx *cx, struct queue *q, const char *name)
{
	struct batch *b;
	struct spool_map map;

	if (!spool_is_batch(name) || has(q, name))
		return;
	if (spool_map(cx, path_of(cx, q, name), &map) != RC_OK) {
		log_fault(cx, "sender.batch");
		rc_forget(cx);
		return;
	}
	b = new_batch(name);
	b->map = map;
	b->next = q->batches;
	q->batches = b;
	put_all(q, b);
	if (b->waiting == 0)
		remove_batch(cx, q, b);
}

void
queue_scan(struct cx *cx, struct queue *q)
{
	struct dirent **names;
	const int n = scandir(q->folder, &names, NULL, alphasort);
	int i;

	for (i = 0; i < n; i++) {
		queue_load(cx, q, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

void
queue_close(struct queue *q)
{
	while (q->batches != NULL)
		drop_batch(q, q->batches);
	q->n = 0;
}
