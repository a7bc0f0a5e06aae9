/* FNV-1a over the text, open addressing. */
#include "sheet_index.h"

struct sheet_slot {
	const char *key;
	uint64_t hash;
	void *thing;
};

static uint64_t
hash_of(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* The slot of the key, or the empty one where it would go. */
static struct sheet_slot *
slot_of(const struct sheet_index *ix, const char *key, uint64_t hash)
{
	size_t i = (size_t)hash & (ix->cap - 1);

	while (ix->slots[i].key != NULL &&
	       (ix->slots[i].hash != hash || !text_same(ix->slots[i].key, key)))
		i = (i + 1) & (ix->cap - 1);
	return &ix->slots[i];
}

void *
sheet_index_find(const struct sheet_index *ix, const char *key)
{
	return ix->cap == 0 ? NULL : slot_of(ix, key, hash_of(key))->thing;
}

static void
grow(struct sheet_index *ix)
{
	const struct sheet_index old = *ix;
	size_t i;

	ix->cap = old.cap ? 2 * old.cap : 1024;
	ix->slots = ARENA_ARRAY(ix->mem, struct sheet_slot, ix->cap);
	for (i = 0; i < old.cap; i++)
		if (old.slots[i].key != NULL)
			*slot_of(ix, old.slots[i].key, old.slots[i].hash) =
			    old.slots[i];
}

void
sheet_index_put(struct sheet_index *ix, const char *key, void *thing)
{
	const uint64_t hash = hash_of(key);

	if (2 * ix->n >= ix->cap)
		grow(ix);
	*slot_of(ix, key, hash) = (struct sheet_slot){ key, hash, thing };
	ix->n++;
}

/* 44 bits of hash and 4 of kind above 2^53: a few thousand codes do not meet
 * there, and stock_put would say so. */
int64_t
sheet_id(enum sheet_kind kind, const char *text)
{
	const uint64_t bits = hash_of(text) & ((UINT64_C(1) << 44) - 1);

	return INT64_C(9007199254740993) +
	       (int64_t)((uint64_t)kind << 45 | bits << 1);
}

int64_t
sheet_row_id(size_t line)
{
	return INT64_C(9007199254740993) +
	       (int64_t)((uint64_t)SHEET_ROW << 45 | (uint64_t)line << 1);
}
