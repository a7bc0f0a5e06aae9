/* Arenas: blocks that only fill up, and a list of what must be ended. */
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

/* Under ASan what is not handed out is poisoned, with a gap between things. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
enum { GAP = 0 };
#define HIDE(p, n) ((void)0)
#define SHOW(p, n) ((void)0)
#endif

enum { FIRST_BLOCK = 16 * 1024, LAST_BLOCK = 256 * 1024, ALIGN = 16 };

struct block {
	struct block *before;
	size_t size;
	size_t used;
	alignas(ALIGN) char bytes[];
};

/*
 * What must be ended, last first. Memory is among it, so that a mark knows it
 * too, but goes only after all ends have run: an end may look at it.
 */
enum tie_kind { TIE_NONE, TIE_END, TIE_BIG, TIE_SECRET };
struct tie {
	struct tie *before;
	enum tie_kind kind;
	void *thing;
	size_t n; /* of BIG and SECRET */
	void (*end)(void *);
};

struct arena {
	struct block *top;
	struct tie *ties;
	char *note;
};

static struct block *
block_new(size_t size, struct block *before)
{
	struct block *b = mem_new(sizeof(*b) + size);

	b->before = before;
	b->size = size;
	HIDE(b->bytes, size);
	return b;
}

static void
block_free(struct block *b)
{
	SHOW(b->bytes, b->size);
	free(b);
}

struct arena *
arena_new(void)
{
	struct arena *a = mem_new(sizeof(*a));

	a->top = block_new(FIRST_BLOCK, NULL);
	return a;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_empty(a);
	block_free(a->top);
	free(a->note);
	free(a);
}

/* `n` bytes of the top block, or of a new one; n is at most a quarter block. */
static void *
small_alloc(struct arena *a, size_t n)
{
	const size_t room = (n + GAP + ALIGN - 1) / ALIGN * ALIGN;
	char *p;

	if (room > a->top->size - a->top->used) {
		const size_t size = a->top->size * 2;

		a->top =
		    block_new(size < LAST_BLOCK ? size : LAST_BLOCK, a->top);
	}
	p = a->top->bytes + a->top->used;
	a->top->used += room;
	SHOW(p, n);
	return memset(p, 0, n);
}

static void
tie_add(struct arena *a, struct tie like)
{
	struct tie *t = small_alloc(a, sizeof(*t));

	*t = like;
	t->before = a->ties;
	a->ties = t;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	void *p;

	if (n <= FIRST_BLOCK / 4)
		return small_alloc(a, n);
	p = mem_new(n);
	tie_add(a, (struct tie){ .kind = TIE_BIG, .thing = p, .n = n });
	return p;
}

void *
arena_array(struct arena *a, size_t size, size_t n)
{
	size_t bytes;

	if (__builtin_mul_overflow(size, n, &bytes))
		mem_none();
	return arena_alloc(a, bytes);
}

char *
arena_copy(struct arena *a, const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		mem_none();
	copy = arena_alloc(a, n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

void *
arena_alloc_secret(struct arena *a, size_t n)
{
	void *p = arena_alloc(a, n);

	tie_add(a, (struct tie){ .kind = TIE_SECRET, .thing = p, .n = n });
	return p;
}

void
arena_tie(struct arena *a, void *thing, void (*end)(void *))
{
	tie_add(a, (struct tie){ .kind = TIE_END, .thing = thing, .end = end });
}

/* The tie stays in the list, for a mark may point to it, but ends nothing. */
void
arena_untie(struct arena *a, void *thing)
{
	struct tie *t;

	for (t = a->ties; t != NULL; t = t->before)
		if (t->kind == TIE_END && t->thing == thing) {
			t->kind = TIE_NONE;
			return;
		}
}

/* Memory, in the order it was taken back: secrets before the block they are in.
 */
static void
memory_end(struct tie *t)
{
	for (; t != NULL; t = t->before)
		if (t->kind == TIE_SECRET)
			explicit_bzero(t->thing, t->n);
		else if (t->kind == TIE_BIG)
			free(t->thing);
}

/* An end may itself allocate or tie: the list is read anew each turn. */
static void
ties_end(struct arena *a, const struct tie *until)
{
	struct tie *memory = NULL;
	struct tie **last = &memory;
	struct tie *t;

	while ((t = a->ties) != until) {
		a->ties = t->before;
		if (t->kind == TIE_END)
			t->end(t->thing);
		if (t->kind != TIE_BIG && t->kind != TIE_SECRET)
			continue;
		*last = t;
		last = &t->before;
	}
	*last = NULL;
	memory_end(memory);
}

struct arena_mark
arena_mark(struct arena *a)
{
	return (struct arena_mark){ a->top, a->top->used, a->ties };
}

void
arena_back(struct arena *a, struct arena_mark mark)
{
	struct block *b;

	ties_end(a, mark.ties);
	while (a->top != mark.block) {
		b = a->top;
		a->top = b->before;
		block_free(b);
	}
	a->top->used = mark.used;
	HIDE(a->top->bytes + mark.used, a->top->size - mark.used);
}

void
arena_empty(struct arena *a)
{
	struct arena_mark start = { .block = a->top };
	struct block *b;

	for (b = a->top; b != NULL; b = b->before)
		start.block = b;
	arena_back(a, start);
}

size_t
arena_used(const struct arena *a)
{
	const struct block *b;
	const struct tie *t;
	size_t n = 0;

	for (b = a->top; b != NULL; b = b->before)
		n += b->used;
	for (t = a->ties; t != NULL; t = t->before)
		if (t->kind == TIE_BIG)
			n += t->n;
	return n;
}

char *
arena_note(struct arena *a)
{
	if (a->note == NULL)
		a->note = mem_new(ARENA_NOTE_BYTES);
	return a->note;
}
