/* Memory with one lifetime: born here, gone together. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena_mark {
	void *block;
	size_t used;
	void *ties;
};

/* A new arena; the caller frees it. Never NULL: without memory we end. */
struct arena *arena_new(void);
void arena_free(struct arena *a);

/* `n` zeroed bytes, aligned for anything; live until the arena empties. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of `n` bytes with a NUL behind them. */
char *arena_copy(struct arena *a, const void *p, size_t n);

/* Bytes that are wiped when the arena empties: for keys and tokens. */
void *arena_alloc_secret(struct arena *a, size_t n);

/* Calls `end(thing)` when the arena empties, last tied first. */
void arena_tie(struct arena *a, void *thing, void (*end)(void *));

/* Takes a tie back without calling its end. */
void arena_untie(struct arena *a, void *thing);

/* Where we are; arena_back ends and forgets everything born since. */
struct arena_mark arena_mark(struct arena *a);
void arena_back(struct arena *a, struct arena_mark mark);

/* Ends every tie and keeps one block for the next turn. */
void arena_empty(struct arena *a);

/* Bytes handed out now. */
size_t arena_used(const struct arena *a);

/* Zeroed room for `n` things of `size` bytes; a product past size_t ends us. */
void *arena_array(struct arena *a, size_t size, size_t n);

/*
 * One page that outlives arena_back and arena_empty, the same each time, gone
 * with arena_free: where a failure's words stand (cx.c).
 */
enum { ARENA_NOTE_BYTES = 4096 };
char *arena_note(struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n)                                                \
	((type *)arena_array((a), sizeof(type), (size_t)(n)))

#endif
