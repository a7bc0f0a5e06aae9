/* The figures as Prometheus reads them: text format 0.0.4. */
#include "io/count.h"

#include <inttypes.h>

#include "base/log.h"
#include "io/count_table.h"

/* "name_suffix{labels,le} ", and only as much of it as there is. */
static void
write_name(struct buf *out, const char *name, const char *suffix,
    const char *labels, const char *le)
{
	buf_addf(out, "%s%s", name, suffix);
	if (*labels || *le)
		buf_addf(
		    out, "{%s%s%s}", labels, *labels && *le ? "," : "", le);
	buf_addc(out, ' ');
}

static void
write_number(struct buf *out, const char *name, const char *suffix,
    const char *labels, const char *le, int64_t n)
{
	write_name(out, name, suffix, labels, le);
	buf_addf(out, "%" PRId64 "\n", n);
}

/* Nanoseconds, as seconds. */
static void
write_seconds(struct buf *out, int64_t ns)
{
	buf_addf(out, "%" PRId64 ".%09" PRId64 "\n", ns / 1000000000,
	    ns % 1000000000);
}

static void
write_histogram(struct buf *out, const char *name, const struct count_slot *s)
{
	int64_t n = 0;

	for (size_t i = 0; i < COUNT_BUCKETS; i++) {
		n += s->buckets[i];
		write_number(
		    out, name, "_bucket", s->labels, count_limits[i].label, n);
	}
	write_name(out, name, "_sum", s->labels, "");
	write_seconds(out, s->value);
	write_number(out, name, "_count", s->labels, "", n);
}

static void
write_slot(
    struct buf *out, const struct count_row *row, const struct count_slot *s)
{
	if (row->type == METRIC_HISTOGRAM) {
		write_histogram(out, row->name, s);
	} else if (row->type == METRIC_SECONDS) {
		write_name(out, row->name, "", s->labels, "");
		write_seconds(out, s->value);
	} else {
		write_number(out, row->name, "", s->labels, "", s->value);
	}
}

static void
write_metric(struct buf *out, struct count_head *sum, enum metric m)
{
	static const char *const words[] = { "counter", "gauge", "histogram",
		"gauge", "gauge" };
	const struct count_row *row = &count_rows[m];
	const struct count_slot *s = count_slots(sum);

	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help,
	    row->name, words[row->type]);
	for (uint32_t i = 0; i < sum->slots && sum->keys[i] != 0; i++) {
		if (s[i].metric != (uint32_t)m)
			continue;
		write_slot(out, row, &s[i]);
	}
}

enum rc
count_write(struct cx *cx, struct buf *out)
{
	struct count_head *sum;

	TRY(count_sum(cx, &sum));
	for (int m = 0; m < M_COUNT; m++)
		write_metric(out, sum, (enum metric)m);
	if (sum->lost > 0)
		log_warn(cx, "count.full", L_INT("lost", sum->lost));
	if (buf_full(out))
		return rc_fail(cx, RC_BUG, "the figures do not fit");
	return RC_OK;
}
