/* Figures for our own eyes: a metric's, as a list. */
#include <string.h>

#include "base/text.h"
#include "io/count_table.h"

static int64_t
count_of(const struct count_slot *s)
{
	int64_t n = 0;

	for (size_t i = 0; i < COUNT_BUCKETS; i++)
		n += __atomic_load_n(&s->buckets[i], __ATOMIC_RELAXED);
	return n;
}

/* The upper limit of the bucket in which the 95th of 100 lies. */
static double
p95_of(const struct count_slot *s, int64_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < COUNT_BUCKETS - 1; i++) {
		sum += __atomic_load_n(&s->buckets[i], __ATOMIC_RELAXED);
		if (sum * 100 >= n * 95)
			return count_limits[i].seconds;
	}
	return -1;
}

static struct count_figure
figure_of(struct arena *mem, const struct count_slot *s)
{
	const int64_t value = __atomic_load_n(&s->value, __ATOMIC_RELAXED);
	struct count_figure f = { .labels = text_dup(mem, s->labels),
		.n = value };

	if (count_rows[s->metric].type != METRIC_HISTOGRAM)
		return f;
	f.n = count_of(s);
	f.sum_s = (double)value / 1e9;
	f.p95_s = p95_of(s, f.n);
	return f;
}

static void
list_of(struct arena *mem, struct count_head *t, enum metric m,
    struct count_figure **out, size_t *n)
{
	const struct count_slot *slots = count_slots(t);

	*n = 0;
	*out = ARENA_ARRAY(mem, struct count_figure, t->slots);
	for (uint32_t i = 0; i < t->slots && t->keys[i] != 0; i++)
		if (__atomic_load_n(&slots[i].ready, __ATOMIC_ACQUIRE) &&
		    slots[i].metric == (uint32_t)m)
			(*out)[(*n)++] = figure_of(mem, &slots[i]);
}

enum rc
count_list(struct cx *cx, enum metric m, struct count_figure **out, size_t *n)
{
	struct count_head *sum;

	TRY(count_sum(cx, &sum));
	list_of(cx->mem, sum, m, out, n);
	return RC_OK;
}

void
count_list_own(
    struct cx *cx, enum metric m, struct count_figure **out, size_t *n)
{
	list_of(cx->mem, count_table_own(), m, out, n);
}

const char *
count_label(struct arena *mem, const char *labels, const char *name)
{
	const char *begin = text_fmt(mem, "%s=\"", name);
	const char *at = labels;

	while ((at = strstr(at, begin)) != NULL) {
		if (at == labels || at[-1] == ',')
			break;
		at++;
	}
	if (at == NULL)
		return "";
	at += strlen(begin);
	return text_of(mem, (struct slice){ at, strcspn(at, "\"") });
}
