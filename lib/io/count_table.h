/* The counters' file: what count.c writes and count_write.c adds up. */
#ifndef IO_COUNT_TABLE_H
#define IO_COUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/count.h"

enum {
	COUNT_SLOTS = 512, /* of one process */
	COUNT_SUM_SLOTS = 4096, /* of all together */
	COUNT_BUCKETS = 15, /* the last has no upper limit */
	COUNT_LABELS_BYTES = 112
};

/* Upper limits of a histogram's buckets. */
struct count_limit {
	double seconds;
	const char *label;
};
extern const struct count_limit count_limits[COUNT_BUCKETS];

/* One metric with one set of labels. */
struct count_slot {
	uint32_t metric;
	uint32_t ready; /* set last: metric and labels stand */
	char labels[COUNT_LABELS_BYTES];
	int64_t
	    value; /* a counter or gauge; a histogram's sum in nanoseconds */
	int64_t buckets[COUNT_BUCKETS]; /* each for itself */
	int64_t told; /* a level: somebody has told it */
};

/* Slots are taken from the front; keys stand together so a search is short. */
struct count_head {
	char magic[8];
	uint64_t id; /* of this file, never given twice */
	uint64_t folded; /* in the sum of the dead: the file added last */
	int64_t lost; /* figures that found no slot */
	uint32_t schema; /* which metrics.def the numbers are of */
	uint32_t slots;
	uint32_t keys[]; /* 0: free */
};

size_t count_table_bytes(uint32_t slots);
void count_table_init(struct count_head *t, uint32_t slots);

/* This process's own. */
struct count_head *count_table_own(void);

/* Whether `n` bytes at t are a table of this build's metrics. */
bool count_table_ok(const struct count_head *t, size_t n) MUST_USE;

struct count_slot *count_slots(struct count_head *t);

/* The slot of m and labels (never NULL here), made when there is none; NULL
 * when the table is full or the labels too long. Safe between threads. */
struct count_slot *count_slot(
    struct count_head *t, enum metric m, const char *labels);

/* What kind of figure a metric is, its name and its sentence. */
struct count_row {
	const char *name;
	enum metric_type type;
	const char *help;
};
extern const struct count_row count_rows[];

/* The figures of all processes, living and dead, in one table: ours alone, as
 * long as the arena. RC_BUSY when there is none to be had. */
enum rc count_sum(struct cx *cx, struct count_head **out) MUST_USE;

#endif
