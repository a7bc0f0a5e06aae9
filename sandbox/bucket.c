/* The bucket, and the cost block that shows it. */
#include "bucket.h"

struct bucket
bucket_new(double size, double restore, int64_t now_ms)
{
	return (struct bucket){ size, restore, size, now_ms };
}

bool
bucket_has(struct bucket *b, int64_t now_ms, int64_t points)
{
	if (now_ms > b->at_ms)
		b->available += b->restore * (double)(now_ms - b->at_ms) / 1000;
	if (b->available > b->size)
		b->available = b->size;
	b->at_ms = now_ms;
	return (double)points <= b->available;
}

void
bucket_take(struct bucket *b, int64_t points)
{
	b->available -= (double)points;
}

/* With a fraction, as Shopify writes these two: 4000.0. */
static void
write_float(struct jw *w, const char *name, double value)
{
	char *text = text_fmt(w->out->mem, "%.1f", value);

	jw_raw(w, name, slice_of(text));
}

void
bucket_write(
    struct jw *w, const struct bucket *b, int64_t asked, int64_t actual)
{
	const double there = b->available > 0 ? b->available : 0;

	jw_object(w, "cost");
	jw_int(w, "requestedQueryCost", asked);
	if (actual < 0)
		jw_null(w, "actualQueryCost");
	else
		jw_int(w, "actualQueryCost", actual);
	jw_object(w, "throttleStatus");
	write_float(w, "maximumAvailable", b->size);
	jw_int(w, "currentlyAvailable", (int64_t)there);
	write_float(w, "restoreRate", b->restore);
	jw_close(w);
	jw_close(w);
}
