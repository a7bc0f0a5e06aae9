/* SplitMix64 (Steele, Lea, Flood 2014). */
#include "dice.h"

uint64_t
dice_next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

struct dice
dice_of(uint64_t seed, int kind, size_t i)
{
	struct dice d = { seed };

	d.state = dice_next(&d) + (uint64_t)kind * UINT64_C(0x632be59bd9b4e019);
	d.state = dice_next(&d) + (uint64_t)i;
	return d;
}

int64_t
dice_in(struct dice *d, int64_t from, int64_t to)
{
	return from + (int64_t)(dice_next(d) % (uint64_t)(to - from + 1));
}

bool
dice_percent(struct dice *d, int percent)
{
	return dice_in(d, 0, 99) < percent;
}

const char *
dice_pick(struct dice *d, const char *const *list, size_t n)
{
	return list[dice_in(d, 0, (int64_t)n - 1)];
}
