/* The table of figures: slots that are found by metric and labels. */
#include "io/count_table.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define MAGIC "stockrm1"

const struct count_limit count_limits[COUNT_BUCKETS] = {
	{ .001, "le=\"0.001\"" },
	{ .0025, "le=\"0.0025\"" },
	{ .005, "le=\"0.005\"" },
	{ .01, "le=\"0.01\"" },
	{ .025, "le=\"0.025\"" },
	{ .05, "le=\"0.05\"" },
	{ .1, "le=\"0.1\"" },
	{ .25, "le=\"0.25\"" },
	{ .5, "le=\"0.5\"" },
	{ 1, "le=\"1\"" },
	{ 2.5, "le=\"2.5\"" },
	{ 5, "le=\"5\"" },
	{ 10, "le=\"10\"" },
	{ 30, "le=\"30\"" },
	{ INFINITY, "le=\"+Inf\"" },
};

const struct count_row count_rows[] = {
#define METRIC(name, type, help) { #name, type, help },
#include "io/metrics.def"
#undef METRIC
};

static uint32_t
hash(uint32_t seed, const char *text)
{
	for (; *text; text++) /* FNV-1a */
		seed = (seed ^ (unsigned char)*text) * 16777619u;
	return seed;
}

/* Two builds that number their metrics otherwise must not be added up. */
static uint32_t
schema(void)
{
	static const char names[] =
#define METRIC(name, type, help) #name " " #type "\n"
#include "io/metrics.def"
#undef METRIC
	    ;

	return hash(2166136261u, names);
}

static size_t
slots_at(uint32_t slots)
{
	const size_t keys =
	    sizeof(struct count_head) + slots * sizeof(uint32_t);

	return (keys + 7) & ~(size_t)7;
}

size_t
count_table_bytes(uint32_t slots)
{
	return slots_at(slots) + slots * sizeof(struct count_slot);
}

void
count_table_init(struct count_head *t, uint32_t slots)
{
	memcpy(t->magic, MAGIC, sizeof(t->magic));
	t->schema = schema();
	t->slots = slots;
}

bool
count_table_ok(const struct count_head *t, size_t n)
{
	return n >= sizeof(*t) && memcmp(t->magic, MAGIC, 8) == 0 &&
	       t->schema == schema() && t->slots > 0 &&
	       t->slots <= COUNT_SUM_SLOTS && n == count_table_bytes(t->slots);
}

struct count_slot *
count_slots(struct count_head *t)
{
	return (struct count_slot *)((char *)t + slots_at(t->slots));
}

static bool
is_slot_of(const struct count_slot *s, enum metric m, const char *labels)
{
	return __atomic_load_n(&s->ready, __ATOMIC_ACQUIRE) &&
	       s->metric == (uint32_t)m && strcmp(s->labels, labels) == 0;
}

/* Whether slot i was free and is now this figure's. */
static bool
claim(struct count_head *t, uint32_t i, uint32_t key, enum metric m,
    const char *labels)
{
	struct count_slot *s = &count_slots(t)[i];
	uint32_t was = 0;

	if (!__atomic_compare_exchange_n(&t->keys[i], &was, key, false,
		__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return false;
	s->metric = (uint32_t)m;
	memcpy(s->labels, labels, strlen(labels) + 1);
	__atomic_store_n(&s->ready, 1, __ATOMIC_RELEASE);
	return true;
}

/*
 * Two who come at once for the same figure may make a slot each: both count,
 * and they meet when all is added up.
 */
struct count_slot *
count_slot(struct count_head *t, enum metric m, const char *labels)
{
	const uint32_t key = hash(2166136261u + (uint32_t)m, labels) | 1;
	struct count_slot *slots = count_slots(t);

	assert(m < M_COUNT);
	if (strlen(labels) >= COUNT_LABELS_BYTES)
		return NULL;
	for (uint32_t i = 0; i < t->slots; i++) {
		const uint32_t had =
		    __atomic_load_n(&t->keys[i], __ATOMIC_ACQUIRE);

		if (had == 0 && claim(t, i, key, m, labels))
			return &slots[i];
		if (had == key && is_slot_of(&slots[i], m, labels))
			return &slots[i];
	}
	return NULL;
}
