/* Numbers that look random and are always the same: made from a seed. */
#ifndef SANDBOX_DICE_H
#define SANDBOX_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* The dice of one thing: the i-th of its kind, so that it stays as it is when
 * there are more or fewer others. */
struct dice dice_of(uint64_t seed, int kind, size_t i);

uint64_t dice_next(struct dice *d);

/* In [from, to]. */
int64_t dice_in(struct dice *d, int64_t from, int64_t to);

/* True in so many of a hundred throws. */
bool dice_percent(struct dice *d, int percent);

/* One of a list's texts. */
const char *dice_pick(struct dice *d, const char *const *list, size_t n);
#define DICE_PICK(d, list)                                                     \
	dice_pick((d), (list), sizeof(list) / sizeof((list)[0]))

#endif
